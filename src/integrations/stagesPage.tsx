import { data, Form, useSearchParams } from 'react-router';
import { statusWord } from '#src/applications/application.ts';
import { STAGE_STATUSES } from '#src/applications/stageMap.ts';
import { Empty, Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import { Chip } from '#src/look/status.tsx';
import '#src/look/staff.css';
import { When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/stagesPage.ts';
import { providerWords } from './labels.ts';
import { backWith, doneWords, staffOnly } from './staffActions.ts';
import { StagePreviewCard } from './stagePreview.tsx';
import type { StageChoices, StagePreview, StageRow } from './stages.ts';

export const meta: Route.MetaFunction = () => pageMeta('Stages');

export async function loader({ params, context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const list = await context.get(appContext).stages.of(params.id);
  if (!list) throw data(null, { status: 404 });
  return list;
}

interface Answer {
  /** What was chosen, to be shown again. */
  choices: StageChoices;
  preview: StagePreview | null;
  problem: string | null;
}

const MOVED =
  'The stages were changed meanwhile, by a person or by a look at the pipelines. Nothing was saved: look once more.';

export async function action({ request, url, params, context }: Route.ActionArgs) {
  const viewer = staffOnly(context.get(viewerContext));
  const { stages } = context.get(appContext);
  if (!(await stages.of(params.id))) throw data(null, { status: 404 });
  const form = await request.formData();
  if (form.get('intent') === 'read') {
    const problem = await stages.readAgain(params.id, viewer.userId);
    if (!problem) return backWith(url, 'stagesRead');
    return data<Answer>({ choices: {}, preview: null, problem }, { status: 502 });
  }
  const choices = readChoices(form);
  const preview = await stages.preview(params.id, choices);
  if (!preview)
    return data<Answer>({ choices: {}, preview: null, problem: MOVED }, { status: 409 });
  if (form.get('intent') !== 'apply') return data<Answer>({ choices, preview, problem: null });
  const fingerprint = String(form.get('fingerprint') ?? '');
  const by = viewer.userId;
  const answer = await stages.choose(params.id, { choices, fingerprint, by });
  if (!answer.ok) return data<Answer>({ choices, preview, problem: MOVED }, { status: 409 });
  return backWith(url, 'stages', '', answer.changed);
}

function readChoices(form: FormData): StageChoices {
  const named = [...form].filter(([name]) => name.startsWith('stage.'));
  return Object.fromEntries(named.map(([name, value]) => [name.slice(6), String(value)]));
}

/** What every stage of the account means in KiEX; nothing is saved before its preview was shown. */
export default function StagesPage({ loaderData, actionData }: Route.ComponentProps) {
  const { connection, pipelines, readAt } = loaderData;
  const [query] = useSearchParams();
  const done = actionData ? null : doneWords(query);
  const provider = providerWords(connection.provider);
  return (
    <Page
      title="Stages"
      lead={`What the stages of ${connection.label} mean to students. KiEX shows the further of the stage and the dates of an application.`}
      back={{ to: `/staff/integrations#${connection.id}`, words: 'Integration Settings' }}
    >
      <div className="stack-wide">
        {done && (
          <Notice tone="ok" announce>
            <p>{done}</p>
          </Notice>
        )}
        {actionData?.problem && <Notice tone="bad" announce title={actionData.problem} />}
        {actionData?.preview && !actionData.problem && (
          <StagePreviewCard preview={actionData.preview} choices={actionData.choices} />
        )}
        <Form method="post" className="cluster spread">
          <p className="muted">
            {readAt ? (
              <>
                Read from {provider} <When at={readAt} />.
              </>
            ) : (
              <>Not read from {provider} yet.</>
            )}
          </p>
          <button type="submit" name="intent" value="read" className="small-button">
            Read the stages again
          </button>
        </Form>
        {pipelines.length === 0 ? (
          <Empty title="No stages are known yet">
            They are read before the first jobs come in. Read them now with the button above.
          </Empty>
        ) : (
          <Form method="post" className="stack-wide">
            {pipelines.map(({ name, stages }) => (
              <Section key={name} title={name || `Not among the pipelines in ${provider}`}>
                <StageTable stages={stages} choices={actionData?.choices ?? {}} />
              </Section>
            ))}
            <div>
              <button type="submit" name="intent" value="preview" className="primary">
                Preview
              </button>
            </div>
          </Form>
        )}
      </div>
    </Page>
  );
}

function StageTable({ stages, choices }: { stages: StageRow[]; choices: StageChoices }) {
  return (
    <div className="table-card stages-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Stage there</th>
            <th scope="col">In KiEX</th>
            <th scope="col" className="right">
              Applications
            </th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage) => (
            <tr key={stage.id}>
              <td data-label="Stage there">
                <span className="stage-name">
                  {stage.name} <Marks stage={stage} />
                </span>
              </td>
              <td data-label="In KiEX">
                <select
                  name={`stage.${stage.id}`}
                  defaultValue={choices[stage.id] ?? stage.status}
                  aria-label={`What ${stage.name} means in KiEX`}
                >
                  {STAGE_STATUSES.map((status) => (
                    <option key={status} value={status}>
                      {statusWord(status)}
                    </option>
                  ))}
                </select>
              </td>
              <td data-label="Applications" className="right number">
                {stage.applications.toLocaleString('en-US')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a person should look at before trusting the line. */
function Marks({ stage }: { stage: StageRow }) {
  return (
    <>
      {stage.isGuessed && <Chip word="guessed" tone="info" />}
      {stage.isNew && <Chip word="new" tone="warn" />}
      {stage.isMissing && <Chip word="not listed any more" tone="warn" />}
      {stage.formerName !== null && (
        <Chip word={`was “${stage.formerName}” when this was chosen`} tone="warn" />
      )}
    </>
  );
}
