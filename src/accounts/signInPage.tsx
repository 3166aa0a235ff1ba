import { Form, Link } from 'react-router';
import { ErrorSummary, Field } from '#src/look/fields.tsx';
import { Notice, Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext, visitContext } from '#src/pageContext.ts';
import type { Route } from './+types/signInPage.ts';
import { leadOn, refuse, showAgain, textOf } from './formAnswers.ts';
import { landingOf } from './landing.ts';
import { nextOf, withNext } from './nextPath.ts';
import { RefusalNotice } from './refusalNotice.tsx';

export const meta = () => pageMeta('Sign in');

export function loader({ request, context }: Route.LoaderArgs) {
  const next = nextOf(request);
  const viewer = context.get(viewerContext);
  if (viewer) throw leadOn(landingOf(viewer.role, next));
  return { next };
}

export async function action({ request, context }: Route.ActionArgs) {
  const { accounts } = context.get(appContext);
  const form = await request.formData();
  const typed = { email: textOf(form, 'email') };
  const { clientAddress } = context.get(visitContext);
  const password = textOf(form, 'password');
  const answer = await accounts.signIn({ request, clientAddress }, { ...typed, password });
  if (answer.ok) return leadOn(landingOf(answer.role, nextOf(request)), answer.cookies);
  switch (answer.reason) {
    case 'wrong':
      return showAgain({ email: WRONG }, typed);
    case 'closed':
      return showAgain(
        { email: 'This account has been closed. Ask the people behind KiEX.' },
        typed,
      );
    case 'throttled':
    case 'foreign':
      return refuse(answer, typed);
  }
}

const WRONG = 'The e-mail address or the password is not right. Check both and try again.';

export default function SignInPage({ loaderData, actionData }: Route.ComponentProps) {
  const { next } = loaderData;
  const errors = actionData?.errors;
  return (
    <Page narrow title="Sign in">
      <div className="stack">
        <RefusalNotice waitSeconds={actionData?.waitSeconds} foreign={actionData?.foreign} />
        <ErrorSummary errors={errors} />
        {!actionData && next?.endsWith('/apply') && (
          <Notice tone="info" title="To apply, sign in or create an account">
            <p>You come back to the job at once.</p>
          </Notice>
        )}
        <Form method="post" noValidate className="card">
          <Field
            name="email"
            type="email"
            label="E-mail address"
            autoComplete="username"
            defaultValue={actionData?.typed.email}
            errors={errors}
          />
          <Field
            name="password"
            type="password"
            label="Password"
            autoComplete="current-password"
            errors={errors}
          />
          <div className="form-actions">
            <button type="submit" className="primary">
              Sign in
            </button>
          </div>
        </Form>
        <p>
          New here? <Link to={withNext('/sign-up', next)}>Create an account</Link>
        </p>
      </div>
    </Page>
  );
}
