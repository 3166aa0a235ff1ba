import { data, Form, useSearchParams } from 'react-router';
import { useArea } from '#src/look/area.ts';
import { CheckField } from '#src/look/fields.tsx';
import { Empty, Notice, Page, pageMeta } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/choicesPage.ts';
import type { OptionList } from './decisions.ts';
import { backWith, doneWords, signedIn } from './staffActions.ts';

export const meta: Route.MetaFunction = () => pageMeta('Choices');

export async function loader({ params, context }: Route.LoaderArgs) {
  const { decisions } = await context.get(appContext).deskOf(context.get(viewerContext));
  const list = await decisions.options(params.id);
  if (!list) throw data(null, { status: 404 });
  return list;
}

export async function action({ request, url, params, context }: Route.ActionArgs) {
  const viewer = signedIn(context.get(viewerContext));
  const { decisions } = await context.get(appContext).deskOf(viewer);
  if (!(await decisions.options(params.id))) throw data(null, { status: 404 });
  const chosen = [...(await request.formData())].map(([name, value]) => [name, String(value)]);
  const answer = await decisions.chooseOptions(
    params.id,
    Object.fromEntries(chosen),
    viewer.userId,
  );
  return answer.ok ? backWith(url, 'options') : data(answer.errors, { status: 422 });
}

/** What a connection may be told beside the rules of its fields. */
export default function ChoicesPage({ loaderData, actionData }: Route.ComponentProps) {
  const { connection, options } = loaderData;
  const [query] = useSearchParams();
  const { root } = useArea();
  const done = actionData ? null : doneWords(query);
  return (
    <Page
      title="Choices"
      lead={`What KiEX may do at ${connection.label}, and what it brings in.`}
      back={{ to: `${root}/integrations#${connection.id}`, words: 'Integration Settings' }}
    >
      <Form method="post" className="stack-wide">
        {done && (
          <Notice tone="ok" announce>
            <p>{done}</p>
          </Notice>
        )}
        {actionData && (
          <Notice tone="bad" announce title="Nothing was saved.">
            <p>What was chosen is not on offer any more. Choose again.</p>
          </Notice>
        )}
        {options.length === 0 && (
          <Empty title="Nothing to choose here">
            What travels, and who wins, is set field by field.
          </Empty>
        )}
        {options.map((option) => (
          <Choice key={option.name} option={option} />
        ))}
        {options.length > 0 && (
          <div>
            <button type="submit" className="primary">
              Save choices
            </button>
          </div>
        )}
      </Form>
    </Page>
  );
}

function Choice({ option }: { option: OptionList['options'][number] }) {
  const help = `help-${option.name}`;
  return (
    <fieldset className="card stack-tight" aria-describedby={help}>
      <legend>{option.label}</legend>
      <p className="muted" id={help}>
        {option.help}
      </p>
      {option.choices.map(({ value, label }) => (
        <CheckField
          key={value}
          type="radio"
          name={option.name}
          value={value}
          label={`${label}${value === option.default ? ' (usual)' : ''}`}
          defaultChecked={value === option.value}
        />
      ))}
    </fieldset>
  );
}
