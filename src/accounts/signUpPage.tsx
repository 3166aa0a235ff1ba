import { Form, Link } from 'react-router';
import { ErrorSummary, Field } from '#src/look/fields.tsx';
import { Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext, visitContext } from '#src/pageContext.ts';
import type { Route } from './+types/signUpPage.ts';
import { PASSWORD_LENGTH_MIN } from './credentials.ts';
import { leadOn, refuse, showAgain, textOf } from './formAnswers.ts';
import { landingOf } from './landing.ts';
import { nextOf, withNext } from './nextPath.ts';
import { RefusalNotice } from './refusalNotice.tsx';

export const meta = () =>
  pageMeta('Create an account', 'Apply once, see where each application stands, keep your data.');

export function loader({ request, context }: Route.LoaderArgs) {
  const next = nextOf(request);
  const viewer = context.get(viewerContext);
  if (viewer) throw leadOn(landingOf(viewer.role, next));
  return { next };
}

export async function action({ request, context }: Route.ActionArgs) {
  const { accounts } = context.get(appContext);
  const form = await request.formData();
  const typed = { name: textOf(form, 'name'), email: textOf(form, 'email') };
  const { clientAddress } = context.get(visitContext);
  const password = textOf(form, 'password');
  const answer = await accounts.signUp({ request, clientAddress }, { ...typed, password });
  // Without a page to go to, the profile is what a new student needs first.
  if (answer.ok) return leadOn(landingOf('student', nextOf(request) ?? '/profile'), answer.cookies);
  if (answer.reason === 'fields') return showAgain(answer.errors, typed);
  return refuse(answer, typed);
}

export default function SignUpPage({ loaderData, actionData }: Route.ComponentProps) {
  const { next } = loaderData;
  const errors = actionData?.errors;
  const typed = actionData?.typed;
  return (
    <Page
      narrow
      title="Create an account"
      lead="For students: apply once, and see where each application stands."
    >
      <div className="stack">
        <RefusalNotice waitSeconds={actionData?.waitSeconds} foreign={actionData?.foreign} />
        <ErrorSummary errors={errors} />
        <Form method="post" noValidate className="card">
          <Field
            name="name"
            label="Your name"
            hint="As it should stand on an application."
            autoComplete="name"
            defaultValue={typed?.name}
            errors={errors}
          />
          <Field
            name="email"
            type="email"
            label="E-mail address"
            autoComplete="email"
            defaultValue={typed?.email}
            errors={errors}
          />
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
              Create account
            </button>
          </div>
          <p className="field muted small">
            Nothing about you goes to an employer until you send them an application.
          </p>
        </Form>
        <p>
          You have an account? <Link to={withNext('/sign-in', next)}>Sign in</Link>
        </p>
      </div>
    </Page>
  );
}
