import { data, Form, Link } from 'react-router';
import { leadOn, textOf } from '#src/accounts/formAnswers.ts';
import { ErrorSummary, Field } from '#src/look/fields.tsx';
import { Notice, Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/organizationEditPage.ts';
import { organizationFields, type TypedOrganization } from './organizationChanges.ts';
import { PlaceChips } from './placeChips.tsx';

export const meta: Route.MetaFunction = ({ loaderData }) =>
  pageMeta(`Edit: ${loaderData?.organization.name ?? 'no such employer'}`);

export async function loader({ params, url, context }: Route.LoaderArgs) {
  const organization = await context.get(appContext).organizationEditing.byId(params.id);
  if (!organization) throw data(null, { status: 404 });
  return { organization, did: url.searchParams.get('did') };
}

export async function action({ params, request, context }: Route.ActionArgs) {
  const { organizationEditing } = context.get(appContext);
  const viewer = context.get(viewerContext);
  if (viewer?.role !== 'staff' && viewer?.role !== 'admin') throw data(null, { status: 403 });
  const form = await request.formData();
  // Only what the person altered is written: what came in meanwhile in another field stays. [M1]
  const typed: TypedOrganization = {};
  for (const name of organizationFields) {
    if (textOf(form, name) !== textOf(form, `shown.${name}`)) typed[name] = textOf(form, name);
  }
  const saved = await organizationEditing.edit(params.id, typed, { by: viewer.userId });
  if (!saved.ok && saved.reason === 'unknown') throw data(null, { status: 404 });
  if (!saved.ok) {
    const errors = saved.reason === 'fields' ? saved.errors : { name: SAVE_AGAIN };
    return data({ errors, typed }, { status: 422 });
  }
  const did = saved.changed.length > 0 ? 'saved' : 'nothing';
  return leadOn(`/staff/organizations/${params.id}/edit?did=${did}`);
}

const SAVE_AGAIN = 'The employer changed at this very moment. Look it over, and save again.';
const LABELS = { name: 'Name', website: 'Website', address: 'Address' } as const;

export default function OrganizationEditPage({ loaderData, actionData }: Route.ComponentProps) {
  const { organization, did } = loaderData;
  const errors = actionData?.errors;
  return (
    <Page
      narrow
      title={organization.name}
      lead="What students read of this employer."
      back={{ to: '/staff/organizations', words: 'All organisations' }}
      actions={<Link to={`/employers/${organization.slug}`}>As students see it</Link>}
    >
      <div className="stack">
        <ErrorSummary errors={errors} />
        {!errors && did && (
          <Notice
            tone={did === 'saved' ? 'ok' : 'info'}
            announce
            title={did === 'saved' ? 'Saved' : 'Nothing was changed, so nothing was saved.'}
          />
        )}
        <p>
          <PlaceChips places={organization.places} />
        </p>
        <Form method="post" noValidate className="card">
          {organizationFields.map((name) => (
            <div key={name}>
              <input type="hidden" name={`shown.${name}`} value={organization[name] ?? ''} />
              <Field
                name={name}
                label={LABELS[name]}
                defaultValue={actionData?.typed[name] ?? organization[name] ?? ''}
                errors={errors}
                optional={name !== 'name'}
              />
            </div>
          ))}
          <div className="form-actions">
            <button type="submit" className="primary">
              Save employer
            </button>
          </div>
          <p className="hint">
            Only what you change is sent, to every account that knows this employer.
          </p>
        </Form>
      </div>
    </Page>
  );
}
