import { data, Link, useSearchParams } from 'react-router';
import { Empty, Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { useLive } from '#src/look/useLive.ts';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/ownSyncPage.ts';
import { ConnectionCard } from './connectionCard.tsx';
import { ConnectionFilter } from './connectionFilter.tsx';
import { FailureChoice, isNarrowed } from './failureChoice.tsx';
import { FailureList } from './failureList.tsx';
import { OpenRuns, RunTable } from './runList.tsx';
import { act, actOnAll, backWith, doneWords, failureFilterFrom, signedIn } from './staffActions.ts';

export const handle = { hydrate: true };
export const meta: Route.MetaFunction = () => pageMeta('Sync Dashboard');

const RUNS_SHOWN = 15;
const FAILURES_SHOWN = 25;

/** How the accounts of one employer do: nothing of another's. */
export async function loader({ url, context }: Route.LoaderArgs) {
  const desk = await context.get(appContext).deskOf(context.get(viewerContext));
  const { own, dashboard, integrations } = desk;
  if (!own) throw data(null, { status: 404 });
  const query = url.searchParams;
  const connectionId = query.get('connection') || null;
  if (connectionId && !own.connectionIds.includes(connectionId)) throw data(null, { status: 404 });
  const filter = failureFilterFrom((name) => query.get(name) ?? '');
  const [connections, openRuns, recentRuns, failures] = await Promise.all([
    dashboard.connections(),
    dashboard.openRuns(connectionId),
    dashboard.recentRuns({ connectionId, quiet: false, limit: RUNS_SHOWN }),
    dashboard.openFailures(filter, FAILURES_SHOWN),
  ]);
  const readable = Object.fromEntries(
    connections.map(({ provider }) => [
      provider,
      integrations.resourcesOf(provider).map(({ name }) => name),
    ]),
  );
  const { targetSeconds } = dashboard;
  return {
    ...{ connections, connectionId, openRuns, recentRuns, failures, filter },
    ...{ readable, targetSeconds },
  };
}

export async function action({ request, url, context }: Route.ActionArgs) {
  const viewer = signedIn(context.get(viewerContext));
  const desk = await context.get(appContext).deskOf(viewer);
  const form = await request.formData();
  const many = await actOnAll(form, desk.integrations, viewer.userId);
  if (many) return backWith(url, many.done, '#problems', many.count);
  const done = await act(form, desk, viewer.userId);
  if (!done) throw new Response(null, { status: 400 });
  return backWith(url, done);
}

export default function OwnSyncPage({ loaderData }: Route.ComponentProps) {
  const { connections, connectionId, openRuns, recentRuns, readable, targetSeconds } = loaderData;
  useLive(['jobs']);
  const [query] = useSearchParams();
  const done = doneWords(query);
  if (connections.length === 0) return <NoConnections />;
  const shown = connections.filter(({ id }) => !connectionId || id === connectionId);
  return (
    <Page title="Sync Dashboard" actions={<ConnectionFilter {...loaderData} />}>
      <div className="stack-wide">
        {done && (
          <Notice tone="ok" announce>
            <p>{done}</p>
          </Notice>
        )}
        <Section title="Connections">
          <div className="connection-grid">
            {shown.map((connection) => (
              <ConnectionCard
                key={connection.id}
                connection={connection}
                targetSeconds={targetSeconds}
                readable={readable[connection.provider] ?? []}
              />
            ))}
          </div>
        </Section>
        <Section title="Running">
          {openRuns.length > 0 ? (
            <OpenRuns runs={openRuns} />
          ) : (
            <p className="muted">Nothing runs at this moment.</p>
          )}
        </Section>
        <Problems {...loaderData} />
        <Section title="Recent runs" id="runs">
          {recentRuns.length > 0 ? (
            <RunTable runs={recentRuns} />
          ) : (
            <Empty title="No run has ended yet">
              The first full read of a connection starts by itself. “Sync now” starts one at once.
            </Empty>
          )}
        </Section>
      </div>
    </Page>
  );
}

function Problems({ failures, filter }: Route.ComponentProps['loaderData']) {
  const { rows, total } = failures;
  return (
    <Section title={total > 0 ? `Problems (${total})` : 'Problems'} id="problems">
      <FailureChoice filter={filter} total={total} />
      {rows.length > 0 ? (
        <FailureList failures={rows} />
      ) : (
        <Notice tone="ok">
          <p>
            {isNarrowed(filter)
              ? 'None that fits: choose “any” above to see all.'
              : 'None: no record waits for another try or for a person.'}
          </p>
        </Notice>
      )}
      {total > rows.length && (
        <p className="muted small after-list">
          The first {rows.length} are shown; the others follow as these are settled.
        </p>
      )}
    </Section>
  );
}

function NoConnections() {
  return (
    <Page title="Sync Dashboard">
      <Empty
        title="Nothing is connected yet"
        actions={
          <Link className="button primary" to="/employer/integrations">
            Connect your Manatal account
          </Link>
        }
      >
        Once it is connected, its jobs are read here and applications go there.
      </Empty>
    </Page>
  );
}
