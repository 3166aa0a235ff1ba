import { Form, Link } from 'react-router';
import { ErrorSummary, Field } from '#src/look/fields.tsx';
import { Empty, Page, pageMeta } from '#src/look/page.tsx';
import { appContext, visitContext } from '#src/pageContext.ts';
import type { Route } from './+types/setPasswordPage.ts';
import { PASSWORD_LENGTH_MIN } from './credentials.ts';
import { leadOn, showAgain, textOf } from './formAnswers.ts';
import { landingOf } from './landing.ts';

export const meta = () => pageMeta('Choose a password');

/** Where a link leads that staff made: whoever holds it chooses the password of that account. */
export async function loader({ url, context }: Route.LoaderArgs) {
  const { accounts } = context.get(appContext);
  const owner = await accounts.passwordLinks.ownerOf(url.searchParams.get('token') ?? '');
  return { owner: owner && { name: owner.name, email: owner.email } };
}

export async function action({ request, url, context }: Route.ActionArgs) {
  const { accounts } = context.get(appContext);
  const { clientAddress } = context.get(visitContext);
  const password = textOf(await request.formData(), 'password');
  const token = url.searchParams.get('token') ?? '';
  const answer = await accounts.choosePassword({ request, clientAddress }, { token, password });
  if (answer.ok) return leadOn(landingOf(answer.role, null), answer.cookies);
  // A spent link is told by the page itself, which looks at it again.
  return showAgain(answer.reason === 'fields' ? answer.errors : {}, {});
}

export default function SetPasswordPage({ loaderData, actionData }: Route.ComponentProps) {
  const { owner } = loaderData;
  if (!owner) {
    return (
      <Page narrow title="Choose a password">
        <Empty
          title="This link does not open anything any more"
          actions={<Link to="/sign-in">Sign in</Link>}
        >
          It was used, is too old, or a newer one was made. If you have a password, sign in. If not,
          ask the people behind KiEX for a new link.
        </Empty>
      </Page>
    );
  }
  const errors = actionData?.errors;
  return (
    <Page narrow title="Choose a password" lead={`For ${owner.name}, ${owner.email}.`}>
      <div className="stack">
        <ErrorSummary errors={errors} />
        <Form method="post" noValidate className="card">
          <input type="hidden" name="username" autoComplete="username" value={owner.email} />
          <Field
            name="password"
            type="password"
            label="Password"
            hint={`At least ${PASSWORD_LENGTH_MIN} characters. Three or four words are good.`}
            autoComplete="new-password"
            errors={errors}
          />
          <div className="form-actions">
            <button type="submit" className="primary">
              Save and sign in
            </button>
          </div>
        </Form>
      </div>
    </Page>
  );
}
