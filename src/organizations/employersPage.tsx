import { data } from 'react-router';
import { textOf } from '#src/accounts/formAnswers.ts';
import type { Viewer } from '#src/accounts/viewer.ts';
import { Empty, Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/employersPage.ts';
import { EmployerCard } from './employerCard.tsx';
import type { InviteAnswer, PasswordLink } from './employers.ts';
import { InviteForm, type Typed } from './inviteForm.tsx';

export const meta: Route.MetaFunction = () => pageMeta('Employers');

export async function loader({ context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const all = await context.get(appContext).employers.list();
  const shown = all.filter(({ people, connections }) => people.length + connections.length > 0);
  return { shown, choices: all.map(({ id, name }) => ({ id, name })) };
}

/** Checks again what the door has checked. */
function staffOnly(viewer: Viewer | null): Viewer {
  if (viewer?.role === 'staff' || viewer?.role === 'admin') return viewer;
  throw data(null, { status: 403 });
}

/** What a form answered: a link to hand over stands in no address, so it comes back in the page. */
interface Answer {
  done: string | null;
  link: PasswordLink | null;
  asksStudent: boolean;
  errors: Record<string, string>;
  typed: Typed | null;
}

const answer = (given: Partial<Answer>, status = 200) =>
  data<Answer>(
    { done: null, link: null, asksStudent: false, errors: {}, typed: null, ...given },
    { status },
  );

export async function action({ request, context }: Route.ActionArgs) {
  const { employers } = context.get(appContext);
  const viewer = staffOnly(context.get(viewerContext));
  const form = await request.formData();
  const text = (name: string) => textOf(form, name).trim();
  switch (text('intent')) {
    case 'invite': {
      const typed = {
        organizationId: text('organizationId'),
        organizationName: text('organizationName'),
        name: text('name'),
        email: text('email'),
      };
      const fromStudent = text('fromStudent') === 'yes';
      const answered = await employers.invite({ ...typed, fromStudent }, viewer.userId);
      return invited(answered, typed);
    }
    case 'newLink': {
      const link = await employers.newLink(text('userId'), viewer.userId);
      if (!link) return answer({ done: 'This account is not an employer’s.' }, 422);
      return answer({ done: 'Here is a new link. Links made before open nothing now.', link });
    }
    case 'remove': {
      const of = { userId: text('userId'), organizationId: text('organizationId') };
      const removed = await employers.remove(of, viewer.userId);
      return answer({ done: removed ? REMOVED : 'They were removed already.' });
    }
    default:
      throw new Response(null, { status: 400 });
  }
}

const REMOVED = 'Removed. Nothing of this employer is shown to them from now on.';

function invited(answered: InviteAnswer, typed: Typed) {
  if (answered.ok) {
    const words = {
      invited: 'The account is made. Hand this link over: its holder chooses the password.',
      added: 'Added. They see this employer from now on.',
      there: 'They act for this employer already.',
    };
    return answer({ done: words[answered.done], link: answered.link });
  }
  if (answered.reason === 'student') return answer({ asksStudent: true, typed }, 422);
  return answer({ errors: answered.errors, typed }, 422);
}

export default function EmployersPage({ loaderData, actionData }: Route.ComponentProps) {
  const { shown, choices } = loaderData;
  const done = actionData?.done;
  return (
    <Page
      title="Employers"
      lead="Who acts for which employer. They see that employer’s jobs, applicants and connections, and nothing of another."
      actions={
        <a className="button" href="#invite">
          Invite a person
        </a>
      }
    >
      <div className="stack-wide">
        {done && (
          <Notice tone="ok" announce title={done}>
            {actionData.link && <LinkToHandOver link={actionData.link} />}
          </Notice>
        )}
        {shown.length === 0 && (
          <Empty title="No employer is here yet">
            Employers appear with their first connection or their first person. Connect an account
            in Integration Settings, or invite a person below, who then connects it.
          </Empty>
        )}
        {shown.map((employer) => (
          <EmployerCard key={employer.id} employer={employer} />
        ))}
        <Section title="Invite a person" id="invite">
          <InviteForm
            choices={choices}
            errors={actionData?.errors}
            typed={actionData?.typed ?? null}
            asksStudent={actionData?.asksStudent ?? false}
          />
        </Section>
      </div>
    </Page>
  );
}

function LinkToHandOver({ link }: { link: PasswordLink }) {
  return (
    <div className="stack-tight">
      <label htmlFor="link">
        Link, good for {link.days} days and one use. KiEX does not send it: give it to the person
        yourself, and to nobody else.
      </label>
      <input id="link" className="code" readOnly value={link.url} />
    </div>
  );
}
