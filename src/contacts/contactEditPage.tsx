import { data, Form, Link } from 'react-router';
import { leadOn, textOf } from '#src/accounts/formAnswers.ts';
import { ErrorSummary, Field } from '#src/look/fields.tsx';
import { Notice, Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/contactEditPage.ts';
import { type EditableField, editableFields, type TypedContact } from './contactChanges.ts';
import { nameWords } from './contactWords.ts';
import type { StaffContact } from './editing.ts';

export const meta: Route.MetaFunction = () => pageMeta('Contact');

export async function loader({ params, url, context }: Route.LoaderArgs) {
  const contact = await context.get(appContext).contactEditing.byId(params.id);
  if (!contact) throw data(null, { status: 404 });
  return { contact, did: url.searchParams.get('did') };
}

export async function action({ params, request, context }: Route.ActionArgs) {
  const { contactEditing } = context.get(appContext);
  const viewer = context.get(viewerContext);
  if (viewer?.role !== 'staff' && viewer?.role !== 'admin') throw data(null, { status: 403 });
  const form = await request.formData();
  // Only what the person altered is written: what came in meanwhile in another field stays. [M1]
  const typed: TypedContact = {};
  for (const name of editableFields) {
    if (textOf(form, name) !== textOf(form, `shown.${name}`)) typed[name] = textOf(form, name);
  }
  const saved = await contactEditing.edit(params.id, typed, { by: viewer.userId });
  if (saved.ok) {
    const did = saved.changed.length > 0 ? 'saved' : 'nothing';
    return leadOn(`/staff/contacts/${params.id}?did=${did}`);
  }
  if (saved.reason === 'fields') return data({ errors: saved.errors, typed }, { status: 422 });
  throw data(null, { status: saved.reason === 'unknown' ? 404 : 403 });
}

const LABELS: Record<EditableField, string> = {
  firstName: 'First name',
  lastName: 'Last name',
  email: 'E-mail address',
  phone: 'Phone',
  company: 'Company',
  jobTitle: 'Position',
  addressLine: 'Street or P.O. box',
  addressLine2: 'Address, second line',
  city: 'City or village',
  postalCode: 'ZIP',
  subdivision: 'State or island, as a code such as FM-PNI',
  country: 'Country, in two letters such as GU',
};

const SUBSCRIPTIONS: Record<string, string> = {
  subscribed: 'They let the website send them newsletters. Only they change that, on the website.',
  unsubscribed: 'They do not want newsletters of the website.',
  pending: 'They were asked whether the website may send them newsletters.',
};

export default function ContactEditPage({ loaderData, actionData }: Route.ComponentProps) {
  const { contact, did } = loaderData;
  const errors = actionData?.errors;
  const subscription = SUBSCRIPTIONS[contact.subscription ?? ''];
  return (
    <Page
      narrow
      title={nameWords(contact)}
      lead={subscription}
      back={{ to: '/staff/contacts', words: 'All contacts' }}
      actions={<Link to={`/staff/records/contacts/${contact.id}`}>Its story</Link>}
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
        {contact.isStudents ? (
          <StudentsOwn contact={contact} />
        ) : (
          <Form method="post" noValidate className="card">
            {editableFields.map((name) => (
              <div key={name}>
                <input type="hidden" name={`shown.${name}`} value={contact[name] ?? ''} />
                <Field
                  name={name}
                  label={LABELS[name]}
                  defaultValue={actionData?.typed[name] ?? contact[name] ?? ''}
                  errors={errors}
                  optional
                />
              </div>
            ))}
            <div className="form-actions">
              <button type="submit" className="primary">
                Save contact
              </button>
            </div>
            <p className="hint">Only what you change is sent, to every website that knows them.</p>
          </Form>
        )}
      </div>
    </Page>
  );
}

/** What students say of themselves nobody else edits here. */
function StudentsOwn({ contact }: { contact: StaffContact }) {
  return (
    <div className="card stack">
      <p>A student of KiEX keeps these details, and agreed that the website has them.</p>
      <dl className="facts">
        {editableFields.map((name) =>
          contact[name] ? (
            <div key={name}>
              <dt>{LABELS[name].replace(/, .*/, '')}</dt>
              <dd>{contact[name]}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </div>
  );
}
