import { Form } from 'react-router';
import { Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext, visitContext } from '#src/pageContext.ts';
import type { Route } from './+types/signOutPage.ts';
import { leadOn } from './formAnswers.ts';

export const meta = () => pageMeta('Sign out');

export function loader({ context }: Route.LoaderArgs) {
  if (!context.get(viewerContext)) throw leadOn('/');
  return null;
}

export async function action({ request, context }: Route.ActionArgs) {
  const { accounts } = context.get(appContext);
  const { clientAddress } = context.get(visitContext);
  return leadOn('/', await accounts.signOut({ request, clientAddress }));
}

/** For those who come by the address: a mere visit signs nobody out. */
export default function SignOutPage() {
  return (
    <Page narrow title="Sign out">
      <Form method="post">
        <p>Do you want to sign out on this device?</p>
        <div className="form-actions">
          <button type="submit" className="primary">
            Sign out
          </button>
        </div>
      </Form>
    </Page>
  );
}
