import { data, Form } from 'react-router';
import { leadOn, textOf } from '#src/accounts/formAnswers.ts';
import { CheckField, ErrorSummary, Field, type FieldErrors, TextField } from '#src/look/fields.tsx';
import { Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/partPage.ts';
import { isPartKind, kindWords, type PartField } from './partKinds.ts';

export const meta = () => pageMeta('Profile');

export async function loader({ params, context }: Route.LoaderArgs) {
  const kind = kindOf(params.kind);
  if (params.id === 'new') return { kind, isNew: true, typed: {} };
  const { profileParts } = context.get(appContext);
  const { userId } = context.get(viewerContext)!;
  const part = (await profileParts.partsOf(userId)).find(({ id }) => id === params.id);
  if (part?.kind !== kind || !kindWords[kind].isEditable) throw data(null, { status: 404 });
  const typed: Record<string, string> = {};
  for (const [name, value] of Object.entries(part.values)) {
    typed[name] = value === true ? 'yes' : String(value || '');
  }
  return { kind, isNew: false, typed };
}

function kindOf(name: string) {
  if (!isPartKind(name)) throw data(null, { status: 404 });
  return name;
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const kind = kindOf(params.kind);
  const { profileParts } = context.get(appContext);
  const { userId } = context.get(viewerContext)!;
  const form = await request.formData();
  const names = kindWords[kind].fields.map(({ name }) => name);
  const typed = Object.fromEntries(names.map((name) => [name, textOf(form, name)]));
  const id = params.id === 'new' ? null : params.id;
  const saved = await profileParts.savePart(userId, { kind, id, typed });
  if (saved.ok) return leadOn('/profile?done=part#parts');
  if ('reason' in saved) throw data(null, { status: 404 });
  return data({ errors: saved.errors, typed }, { status: 422 });
}

/** One line of a profile: a school, a job, skills or a link. */
export default function PartPage({ loaderData, actionData }: Route.ComponentProps) {
  const { kind, isNew } = loaderData;
  const { one, fields } = kindWords[kind];
  const errors = actionData?.errors;
  const typed: Record<string, string> = actionData?.typed ?? loaderData.typed;
  return (
    <Page
      narrow
      title={isNew ? `Add a ${one}` : `Edit this ${one}`}
      back={{ to: '/profile#parts', words: 'Profile' }}
    >
      <div className="stack">
        <ErrorSummary errors={errors} />
        <Form method="post" noValidate className="card">
          {fields.map((field) => (
            <PartControl key={field.name} {...{ field, typed, errors }} />
          ))}
          <div className="form-actions">
            <button type="submit" className="primary">
              {isNew ? 'Add to profile' : 'Save'}
            </button>
          </div>
        </Form>
      </div>
    </Page>
  );
}

function PartControl({
  field: { name, label, type, hint, needed },
  typed,
  errors,
}: {
  field: PartField;
  typed: Record<string, string>;
  errors?: FieldErrors;
}) {
  const shared = { name, label, hint, errors, optional: !needed };
  const defaultValue = typed[name] ?? '';
  if (type === 'text') return <TextField {...shared} rows={4} defaultValue={defaultValue} />;
  if (type === 'yesNo') {
    const isChecked = defaultValue === 'yes';
    return <CheckField {...shared} value="yes" defaultChecked={isChecked} />;
  }
  // Not type="url" or "month": some browsers cannot show them, and the server says what is wrong.
  return <Field {...shared} defaultValue={defaultValue} />;
}
