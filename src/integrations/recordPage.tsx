import { data, Link } from 'react-router';
import { Card, Empty, Page, pageMeta, Section } from '#src/look/page.tsx';
import { Chip } from '#src/look/status.tsx';
import '#src/look/staff.css';
import { When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Origin } from '#src/sync/history.ts';
import type { Route } from './+types/recordPage.ts';
import { doorWords, plainName, providerWords, recordWords } from './labels.ts';
import type { RecordField, RecordTie } from './recordStory.ts';
import { staffOnly } from './staffActions.ts';
import { StoryTable, ValueWords } from './storyList.tsx';

// The address and the window's title name the record by id: a name of a person stands on the page only.
export const meta: Route.MetaFunction = () => pageMeta('Record');

export async function loader({ params, context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const story = await context.get(appContext).records.story(params);
  if (!story) throw data(null, { status: 404 });
  return story;
}

export default function RecordPage({ loaderData: story }: Route.ComponentProps) {
  return (
    <Page
      title={nameOf(story.fields) || recordWords(story.resource)}
      back={{ to: '/staff/sync', words: 'Sync Dashboard' }}
      lead={`${recordWords(story.resource)}: what it says, where each value comes from, and what happened to it`}
    >
      <div className="stack-wide">
        <Ties ourId={story.ourId} ties={story.ties} />
        <Section title="What it says now">
          {story.fields.length > 0 ? (
            <FieldTable fields={story.fields} />
          ) : (
            <Empty title="Nothing to show">
              The record is not here any more, or nothing of it may be shared.
            </Empty>
          )}
        </Section>
        <Section title="What happened to it">
          <StoryTable lines={story.lines} />
        </Section>
      </div>
    </Page>
  );
}

function nameOf(fields: RecordField[]): string {
  const name = fields.find((field) => field.name === 'title' || field.name === 'name');
  return typeof name?.value === 'string' ? name.value : '';
}

function Ties({ ourId, ties }: { ourId: string; ties: RecordTie[] }) {
  return (
    <Card>
      <dl className="facts">
        <div>
          <dt>In KiEX</dt>
          <dd>
            <code>{ourId}</code>
          </dd>
        </div>
        {ties.map((tie) => (
          <div key={tie.connectionId}>
            <dt>
              {providerWords(tie.provider)} · {tie.connectionLabel}
            </dt>
            <dd>
              {tie.theirId ? <code>{tie.theirId}</code> : 'not there yet'}
              {tie.goneAt && (
                <>
                  {' '}
                  <Chip word="Gone there" tone="still" /> <When at={tie.goneAt} />
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function FieldTable({ fields }: { fields: RecordField[] }) {
  return (
    <div className="table-card lines">
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Value</th>
            <th scope="col">Where it comes from</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.name}>
              <th scope="row">{plainName(field.name)}</th>
              <td data-label="Value">
                <span>
                  <ValueWords value={field.value} />
                  {field.isHeld && field.agreed !== undefined && (
                    <small className="block quiet-text">
                      <Chip word="Held" tone="info" /> at the provider:{' '}
                      <ValueWords value={field.agreed} />
                    </small>
                  )}
                </span>
              </td>
              <td data-label="Where it comes from">
                <Provenance field={field} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Provenance({ field }: { field: RecordField }) {
  const { here, there, value } = field;
  return (
    <span>
      {here === null && <span className="muted">Written in KiEX</span>}
      {here && here.value !== value && 'Changed in KiEX after it '}
      {here && <OriginWords verb={here.value === value ? 'Came in' : 'came in'} origin={here} />}
      {there && (
        <small className="block quiet-text">
          <OriginWords verb="Sent" origin={there} />
        </small>
      )}
    </span>
  );
}

function OriginWords({ verb, origin }: { verb: string; origin: Origin }) {
  const by = doorWords(origin.door).toLowerCase();
  return (
    <>
      {origin.door === 'staff' ? 'Put back' : verb} <When at={origin.at} />
      {', '}
      {origin.runId ? <Link to={`/staff/sync/runs/${origin.runId}`}>{by}</Link> : by}
      {origin.rule && <span className="muted"> ({origin.rule})</span>}
    </>
  );
}
