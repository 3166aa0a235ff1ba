import { data, Form, Link, redirect, useSearchParams } from 'react-router';
import { Card, Empty, Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Left } from '#src/sync/takeBack.ts';
import type { Route } from './+types/undoPage.ts';
import { plainName, resourceWords, runKindWords } from './labels.ts';
import { staffOnly } from './staffActions.ts';

export const meta: Route.MetaFunction = () => pageMeta('Take back');

const LEFT_SHOWN = 200;

export async function loader({ params, context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const { dashboard, records } = context.get(appContext);
  const run = await dashboard.run(params.id);
  if (!run) throw data(null, { status: 404 });
  const look = await records.undoable(run.id);
  if ('refused' in look) return { run, refused: look.refused, look: null, leftShown: [] };
  const { left, ...rest } = look;
  return {
    run,
    refused: null,
    look: { ...rest, left: left.length },
    leftShown: left.slice(0, LEFT_SHOWN),
  };
}

export async function action({ params, context }: Route.ActionArgs) {
  const viewer = staffOnly(context.get(viewerContext));
  const done = await context.get(appContext).records.undo(params.id, viewer.userId);
  if ('refused' in done) throw data(done.refused, { status: 409 });
  const query = new URLSearchParams({ taken: String(done.taken) });
  return redirect(`/staff/sync/runs/${params.id}/undo?${query}`);
}

export default function UndoPage({ loaderData }: Route.ComponentProps) {
  const { run, refused, look, leftShown } = loaderData;
  const [query] = useSearchParams();
  const taken = query.get('taken');
  return (
    <Page
      title="Take back"
      back={{ to: `/staff/sync/runs/${run.id}`, words: 'The run' }}
      lead={`What “${resourceWords(run.resource)}: ${runKindWords(run.kind).toLowerCase()}” of ${run.connectionLabel} wrote here`}
    >
      <div className="stack-wide">
        {taken && /^\d+$/.test(taken) && (
          <Notice tone="ok" announce>
            <p>{records(Number(taken))} taken back. The sync leaves them so.</p>
          </Notice>
        )}
        {refused && <Notice tone="warn" title={refused} />}
        {look && <Question look={look} />}
        {look && look.left > 0 && (
          <LeftList left={leftShown} total={look.left} resource={run.resource} />
        )}
      </div>
    </Page>
  );
}

type Look = NonNullable<Route.ComponentProps['loaderData']['look']>;

function Question({ look }: { look: Look }) {
  if (look.records === 0) {
    const why =
      look.earlier > 0
        ? 'What could be taken back has been.'
        : 'Everything this run wrote here was changed since, or it wrote nothing here.';
    return <Empty title="Nothing to take back">{why}</Empty>;
  }
  const changed = look.records - look.closes;
  return (
    <Card title={`${records(look.records)} would go back`}>
      <div className="stack">
        <ul className="bullets">
          {changed > 0 && (
            <li>
              {records(changed)}: {look.fields.toLocaleString('en-US')}{' '}
              {look.fields === 1 ? 'value' : 'values'} put back as before the run.
            </li>
          )}
          {look.closes > 0 && (
            <li>
              {records(look.closes)} that the run brought in: closed here. Nothing is deleted.
            </li>
          )}
        </ul>
        <p className="quiet-text">
          The provider is told nothing. Each value stays as you put it back until it is changed at
          the provider; from then on it follows again.
        </p>
        <Form method="post">
          <button type="submit" className="danger">
            Take back
          </button>
        </Form>
      </div>
    </Card>
  );
}

const records = (count: number) =>
  `${count.toLocaleString('en-US')} ${count === 1 ? 'record' : 'records'}`;

function LeftList({ left, total, resource }: { left: Left[]; total: number; resource: string }) {
  return (
    <Section title={`Left as it is: ${total.toLocaleString('en-US')}`}>
      <div className="table-card lines">
        <table>
          <thead>
            <tr>
              <th scope="col">Record</th>
              <th scope="col">Field</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {left.map(({ ourId, field, reason }) => (
              <tr key={`${ourId} ${field}`}>
                <td data-label="Record">
                  <Link to={`/staff/records/${resource}/${encodeURIComponent(ourId)}`}>
                    <code>{ourId}</code>
                  </Link>
                </td>
                <td data-label="Field">{field ? plainName(field) : 'All'}</td>
                <td data-label="Why">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {total > left.length && (
        <p className="muted small after-list">The first {left.length} are shown.</p>
      )}
    </Section>
  );
}
