import { Link, useSearchParams } from 'react-router';
import { LiveMark } from '#src/look/liveMark.tsx';
import { Empty, Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { useLive } from '#src/look/useLive.ts';
import { When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/dashboardPage.ts';
import { ActivityTable, DeliveryTable } from './activityList.tsx';
import { ConnectionCard } from './connectionCard.tsx';
import { ConnectionFilter } from './connectionFilter.tsx';
import { FailureChoice, isNarrowed } from './failureChoice.tsx';
import { FailureList } from './failureList.tsx';
import { Issues } from './issueList.tsx';
import { OpenRuns, RunTable } from './runList.tsx';
import {
  act,
  actOnAll,
  actOnIssue,
  backWith,
  doneWords,
  failureFilterFrom,
  staffOnly,
} from './staffActions.ts';

export const handle = { hydrate: true };
export const meta: Route.MetaFunction = () => pageMeta('Sync Dashboard');

const LIVE_TOPICS = ['runs', 'activity', 'failures', 'connections', 'issues', 'conflicts'];
const RUNS_SHOWN = 15;
const FAILURES_SHOWN = 25;
const ISSUES_SHOWN = 50;
const ACTIVITY_SHOWN = 12;
const DELIVERIES_SHOWN = 8;

export async function loader({ url, context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const { dashboard, integrations, decisions } = context.get(appContext);
  const query = url.searchParams;
  const connectionId = query.get('connection') || null;
  const quiet = query.get('quiet') === '1';
  const closed = query.get('closed') === '1';
  const filter = failureFilterFrom((name) => query.get(name) ?? '');
  const everything = {
    connectionId: connectionId ?? '',
    resource: '',
    outcome: '',
    runId: '',
  } as const;
  const [connections, openRuns, recentRuns, failures, activity, deliveries, lastEventAt, ...asked] =
    await Promise.all([
      dashboard.connections(),
      dashboard.openRuns(connectionId),
      dashboard.recentRuns({ connectionId, quiet, limit: RUNS_SHOWN }),
      dashboard.openFailures(filter, FAILURES_SHOWN),
      dashboard.activity({ ...everything, page: 1 }, ACTIVITY_SHOWN),
      dashboard.deliveries(connectionId, DELIVERIES_SHOWN),
      dashboard.lastEventAt(),
      decisions.issues({ connectionId, closed, limit: ISSUES_SHOWN }),
      decisions.openConflicts(connectionId),
    ]);
  const [issues, openConflicts] = asked;
  const providers = [...new Set(connections.map(({ provider }) => provider))];
  const readable = Object.fromEntries(
    providers.map((provider) => [
      provider,
      integrations.resourcesOf(provider).map(({ name }) => name),
    ]),
  );
  const offers = integrations.offers();
  const lacking = offers.flatMap(({ provider, lacks }) => (lacks ? [provider] : []));
  return {
    connections,
    lacking,
    connectionId,
    openRuns,
    recentRuns,
    quiet,
    failures,
    filter,
    activity: activity.rows,
    deliveries,
    lastEventAt,
    issues,
    closed,
    openConflicts,
    readable,
    targetSeconds: dashboard.targetSeconds,
  };
}

export async function action({ request, url, context }: Route.ActionArgs) {
  const viewer = staffOnly(context.get(viewerContext));
  const app = context.get(appContext);
  const form = await request.formData();
  const many = await actOnAll(form, app.integrations, viewer.userId);
  if (many) return backWith(url, many.done, '#problems', many.count);
  const done =
    (await actOnIssue(form, app.decisions, viewer.userId)) ?? (await act(form, app, viewer.userId));
  if (!done) throw new Response(null, { status: 400 });
  return backWith(url, done);
}

export default function DashboardPage({ loaderData }: Route.ComponentProps) {
  const live = useLive(LIVE_TOPICS);
  const [query] = useSearchParams();
  const done = doneWords(query);
  if (loaderData.connections.length === 0) return <NoConnections />;
  return (
    <Page
      title="Sync Dashboard"
      lead={<Liveness live={live} lastEventAt={loaderData.lastEventAt} />}
      actions={<ConnectionFilter {...loaderData} />}
    >
      <div className="stack-wide">
        {done && (
          <Notice tone="ok" announce>
            <p>{done}</p>
          </Notice>
        )}
        <Connections {...loaderData} />
        <Running {...loaderData} />
        <NeedsYou {...loaderData} />
        <Conflicts {...loaderData} />
        <Issues {...loaderData} />
        <RecentRuns {...loaderData} />
        <RecentActivity {...loaderData} />
        <Deliveries {...loaderData} />
      </div>
    </Page>
  );
}

type Data = Route.ComponentProps['loaderData'];

function Liveness({
  live,
  lastEventAt,
}: Pick<Data, 'lastEventAt'> & {
  live: 'waiting' | 'live' | 'lost';
}) {
  return (
    <span className="cluster">
      <LiveMark state={live} />
      {lastEventAt && (
        <span className="small muted">
          last event <When at={lastEventAt} />
        </span>
      )}
    </span>
  );
}

function NoConnections() {
  return (
    <Page title="Sync Dashboard">
      <Empty
        title="Nothing is connected yet"
        actions={
          <Link className="button primary" to="/staff/integrations">
            Connect a Manatal account
          </Link>
        }
      >
        Once a Manatal account is connected, its jobs are read here and applications go there.
      </Empty>
    </Page>
  );
}

function Connections({ connections, lacking, connectionId, readable, targetSeconds }: Data) {
  const shown = connections.filter(({ id }) => !connectionId || id === connectionId);
  return (
    <Section title="Connections">
      <div className="connection-grid">
        {shown.map((connection) => (
          <ConnectionCard
            key={connection.id}
            connection={connection}
            targetSeconds={targetSeconds}
            readable={readable[connection.provider] ?? []}
            isLacking={lacking.includes(connection.provider)}
          />
        ))}
      </div>
    </Section>
  );
}

function Running({ openRuns }: Data) {
  return (
    <Section title="Running">
      {openRuns.length > 0 ? (
        <OpenRuns runs={openRuns} />
      ) : (
        <p className="muted">Nothing runs at this moment.</p>
      )}
    </Section>
  );
}

function NeedsYou({ failures, filter }: Data) {
  const count = failures.total.toLocaleString('en-US');
  return (
    <Section title={failures.total > 0 ? `Problems (${count})` : 'Problems'} id="problems">
      <FailureChoice filter={filter} total={failures.total} />
      {failures.rows.length > 0 ? (
        <FailureList failures={failures.rows} />
      ) : (
        <Notice tone="ok">
          <p>
            {isNarrowed(filter)
              ? 'None that fits: choose “any” above to see all.'
              : 'None: no record waits for another try or for a person.'}
          </p>
        </Notice>
      )}
      {failures.total > failures.rows.length && (
        <p className="muted small after-list">
          The first {failures.rows.length} are shown; the others follow as these are settled.
        </p>
      )}
    </Section>
  );
}

function Conflicts({ openConflicts, connectionId }: Data) {
  const all = `/staff/sync/conflicts${connectionId ? `?connection=${connectionId}` : ''}`;
  const words = openConflicts === 1 ? 'One field' : `${openConflicts} fields`;
  return (
    <Section title="Conflicts" id="conflicts" aside={<Link to={all}>All conflicts</Link>}>
      {openConflicts > 0 ? (
        <Notice tone="warn" title={`${words} changed on both sides, and a person is asked.`}>
          <Link to={all}>Choose which values stand</Link>
        </Notice>
      ) : (
        <p className="muted">No field waits for a choice between both sides.</p>
      )}
    </Section>
  );
}

function RecentRuns({ recentRuns, quiet }: Data) {
  return (
    <Section title="Recent runs" id="runs" aside={<QuietSwitch quiet={quiet} />}>
      {recentRuns.length > 0 ? (
        <RunTable runs={recentRuns} />
      ) : (
        <Empty title="No run has ended yet">
          The first full read of a connection starts by itself. “Sync now” starts one at once.
        </Empty>
      )}
    </Section>
  );
}

function QuietSwitch({ quiet }: { quiet: boolean }) {
  const [query] = useSearchParams();
  const other = new URLSearchParams(query);
  other.delete('did');
  if (quiet) other.delete('quiet');
  else other.set('quiet', '1');
  return (
    <Link to={`?${other}#runs`} preventScrollReset className="small">
      {quiet ? 'Hide polls that found nothing' : 'Show polls that found nothing'}
    </Link>
  );
}

function RecentActivity({ activity, connectionId }: Data) {
  const all = `/staff/sync/activity${connectionId ? `?connection=${connectionId}` : ''}`;
  return (
    <Section title="Activity" aside={<Link to={all}>All activity</Link>}>
      {activity.length > 0 ? (
        <ActivityTable rows={activity} />
      ) : (
        <p className="muted">Nothing has happened yet.</p>
      )}
    </Section>
  );
}

function Deliveries({ deliveries }: Data) {
  return (
    <Section title="Webhooks received">
      {deliveries.length > 0 ? (
        <DeliveryTable rows={deliveries} />
      ) : (
        <p className="muted">
          None yet. Without webhooks KiEX still finds every change, by asking regularly.
        </p>
      )}
    </Section>
  );
}
