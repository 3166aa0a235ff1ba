import { data, Form, redirect, useSearchParams } from 'react-router';
import { Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { appContext, viewerContext } from '#src/pageContext.ts';
import { type Flow, policies, policyWords } from '#src/sync/flow.ts';
import type { Route } from './+types/fieldsPage.ts';
import type { FieldRow, FieldTables } from './decisions.ts';
import { plainName, providerWords } from './labels.ts';
import { backWith, doneWords, staffOnly } from './staffActions.ts';

export const meta: Route.MetaFunction = () => pageMeta('Fields');

export async function loader({ params, context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const tables = await context.get(appContext).decisions.fieldTables(params.id);
  if (!tables) throw data(null, { status: 404 });
  return tables;
}

export async function action({ request, url, params, context }: Route.ActionArgs) {
  const viewer = staffOnly(context.get(viewerContext));
  const { decisions } = context.get(appContext);
  const tables = await decisions.fieldTables(params.id);
  if (!tables) throw data(null, { status: 404 });
  const form = await request.formData();
  const choices = readChoices(form, tables);
  if (form.get('intent') === 'preview') {
    const ask = { connectionId: params.id, choices };
    const asked = await context.get(appContext).previews.requestFields(ask, viewer.userId);
    if (!asked.ok) return data(asked.errors, { status: 422 });
    const [runId, ...others] = asked.runIds;
    if (!runId) return backWith(url, 'same');
    return redirect(others.length > 0 ? '/staff/sync' : `/staff/sync/runs/${runId}/preview`);
  }
  const answer = await decisions.chooseFields(params.id, choices, viewer.userId);
  return answer.ok ? backWith(url, 'fields') : data(answer.errors, { status: 422 });
}

/** The form names every field it shows, since an empty box is not sent at all. */
function readChoices(form: FormData, { resources }: FieldTables) {
  const shown = new Set(form.getAll('shown').map(String));
  return resources.flatMap(({ name, fields }) =>
    fields
      .filter(({ field }) => shown.has(`${name}.${field}`))
      .map(({ field, needed }) => {
        const policy = form.get(`policy.${name}.${field}`);
        return {
          resource: name,
          field,
          policy: policy === null ? null : String(policy),
          on: needed || form.get(`on.${name}.${field}`) === '1',
        };
      }),
  );
}

export default function FieldsPage({ loaderData, actionData }: Route.ComponentProps) {
  const { connection, resources } = loaderData;
  const [query] = useSearchParams();
  const done = actionData ? null : doneWords(query);
  return (
    <Page
      title="Fields"
      lead={`What travels between KiEX and ${connection.label}, which way, and who wins when both sides change the same field.`}
      back={{ to: `/staff/integrations#${connection.id}`, words: 'Integration Settings' }}
    >
      <Form method="post" className="stack-wide">
        {done && (
          <Notice tone="ok" announce>
            <p>{done}</p>
          </Notice>
        )}
        {actionData && (
          <Notice tone="bad" announce title="Nothing was saved.">
            <ul className="bullets">
              {Object.entries(actionData).map(([field, words]) => (
                <li key={field}>
                  {field}: {words}
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <Notice tone="info">
          <p>
            A change here holds for what happens from now on; it rewrites no record by itself. A
            field that is off is left alone on both sides. Once it is on again, it is compared when
            its record is read next.
          </p>
        </Notice>
        {resources.map((resource) => (
          <Section key={resource.name} title={resource.label}>
            <FieldTable resource={resource} provider={connection.provider} />
          </Section>
        ))}
        <div>
          <button type="submit" className="primary">
            Save fields
          </button>{' '}
          <button type="submit" name="intent" value="preview">
            Preview
          </button>
        </div>
      </Form>
    </Page>
  );
}

type Resource = FieldTables['resources'][number];

function FieldTable({ resource, provider }: { resource: Resource; provider: string }) {
  return (
    <div className="table-card lines fields-table">
      <table>
        <thead>
          <tr>
            <th scope="col">In KiEX</th>
            <th scope="col">In {providerWords(provider)}</th>
            <th scope="col">Which way</th>
            <th scope="col">When both changed it</th>
            <th scope="col">On</th>
          </tr>
        </thead>
        <tbody>
          {resource.fields.map((row) => (
            <FieldLine key={row.field} row={row} resource={resource} provider={provider} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FieldLine({
  row,
  resource,
  provider,
}: {
  row: FieldRow;
  resource: Resource;
  provider: string;
}) {
  const name = `${resource.name}.${row.field}`;
  const label = `${plainName(row.field)} of ${resource.label}`;
  return (
    <tr>
      <td data-label="In KiEX">
        <span>
          <input type="hidden" name="shown" value={name} />
          {plainName(row.field)}
        </span>
      </td>
      <td data-label={`In ${providerWords(provider)}`}>
        {row.theirs ? <code>{row.theirs}</code> : <span className="muted">worked out</span>}
      </td>
      <td data-label="Which way">{flowWords(row.flow, providerWords(provider), resource)}</td>
      <td data-label="When both changed it">
        {row.flow === 'both' ? (
          <select
            name={`policy.${name}`}
            defaultValue={row.policy}
            aria-label={`When both changed ${label}`}
          >
            {policies.map((policy) => (
              <option key={policy} value={policy}>
                {policyWords[policy]}
                {policy === row.usual ? ' (usual)' : ''}
              </option>
            ))}
          </select>
        ) : (
          <span className="muted">cannot happen</span>
        )}
      </td>
      <td data-label="On">
        {row.needed ? (
          <span className="muted">always</span>
        ) : (
          <input
            type="checkbox"
            name={`on.${name}`}
            value="1"
            defaultChecked={row.on}
            aria-label={`Synchronise ${label}`}
          />
        )}
      </td>
    </tr>
  );
}

/** A direction in words. */
function flowWords(flow: Flow, provider: string, { canUpdate }: Resource): string {
  const words: Record<Flow, string> = {
    in: `from ${provider} to KiEX`,
    out: `from KiEX to ${provider}`,
    both: canUpdate ? 'both ways' : `from ${provider} to KiEX; KiEX cannot change it there`,
    fill: `from KiEX, where ${provider} has nothing`,
    tend: `from KiEX, where ${provider} has nothing or what KiEX wrote`,
    keep: `from KiEX, where ${provider} has what KiEX wrote`,
  };
  return words[flow];
}
