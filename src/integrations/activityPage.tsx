import { Form, Link } from 'react-router';
import { Empty, Page, pageMeta } from '#src/look/page.tsx';
import { Paging } from '#src/look/paging.tsx';
import '#src/look/staff.css';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/activityPage.ts';
import { ActivityTable } from './activityList.tsx';
import type { ActivityFilter } from './dashboard.ts';
import { resourceWords } from './labels.ts';
import { staffOnly } from './staffActions.ts';

export const handle = { hydrate: true };
export const meta: Route.MetaFunction = () => pageMeta('Activity');

const LINES_PER_PAGE = 50;
const PAGE_MAX = 1000;

export async function loader({ url, context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const { dashboard, integrations } = context.get(appContext);
  const filter = readFilter(url.searchParams);
  const [connections, { rows, more }] = await Promise.all([
    dashboard.connections(),
    dashboard.activity(filter, LINES_PER_PAGE),
  ]);
  const providers = [...new Set(connections.map(({ provider }) => provider))];
  return {
    filter,
    rows,
    more,
    connections: connections.map(({ id, label }) => ({ id, label })),
    resources: [
      ...new Set(
        providers.flatMap((provider) => integrations.resourcesOf(provider).map(({ name }) => name)),
      ),
    ],
  };
}

function readFilter(query: URLSearchParams): ActivityFilter {
  const word = (name: string) => (query.get(name) ?? '').replace(/\p{Cc}+/gu, ' ').trim();
  const outcome = word('outcome');
  const page = Math.floor(Number(word('page')));
  return {
    connectionId: word('connection'),
    resource: word('resource'),
    outcome: outcome === 'ok' || outcome === 'failed' ? outcome : '',
    runId: '',
    page: page >= 1 ? Math.min(page, PAGE_MAX) : 1,
  };
}

export default function ActivityPage({ loaderData }: Route.ComponentProps) {
  const { filter, rows, more } = loaderData;
  return (
    <Page title="Activity" back={{ to: '/staff/sync', words: 'Sync Dashboard' }}>
      <Filters {...loaderData} />
      {rows.length > 0 ? (
        <ActivityTable rows={rows} />
      ) : (
        <Empty
          title="Nothing here"
          actions={<Link to="/staff/sync/activity">Show everything</Link>}
        >
          No line of the history matches this filter.
        </Empty>
      )}
      <Paging page={filter.page} more={more} label="Pages of activity" />
    </Page>
  );
}

function Filters({ filter, connections, resources }: Route.ComponentProps['loaderData']) {
  return (
    <Form className="filters" key={JSON.stringify(filter)}>
      <div>
        <label htmlFor="connection">Connection</label>
        <select id="connection" name="connection" defaultValue={filter.connectionId}>
          <option value="">All</option>
          {connections.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label htmlFor="resource">Resource</label>
        <select id="resource" name="resource" defaultValue={filter.resource}>
          <option value="">All</option>
          {resources.map((resource) => (
            <option key={resource} value={resource}>
              {resourceWords(resource)}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label htmlFor="outcome">Outcome</label>
        <select id="outcome" name="outcome" defaultValue={filter.outcome}>
          <option value="">All</option>
          <option value="ok">OK</option>
          <option value="failed">Failed</option>
        </select>
      </div>
      <button type="submit">Show</button>
    </Form>
  );
}
