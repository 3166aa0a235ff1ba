import { data, Link } from 'react-router';
import { leadOn, textOf } from '#src/accounts/formAnswers.ts';
import { LiveMark } from '#src/look/liveMark.tsx';
import { Empty, Notice, Page, pageMeta } from '#src/look/page.tsx';
import { useLive } from '#src/look/useLive.ts';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/dashboardPage.ts';
import { ApplicationCard } from './applicationCard.tsx';
import type { StudentApplication } from './studentView.ts';
import './applications.css';

export const handle = { hydrate: true };

export const meta = () => pageMeta('Your applications');

export async function loader({ request, context }: Route.LoaderArgs) {
  const viewer = context.get(viewerContext)!;
  const applications = await context.get(appContext).applications.forStudent(viewer.userId);
  const query = new URL(request.url).searchParams;
  return {
    topic: `applications:${viewer.userId}`,
    applications,
    sent: query.get('sent'),
    again: query.get('again'),
    withdrawn: query.get('withdrawn'),
  };
}

export async function action({ request, context }: Route.ActionArgs) {
  const viewer = context.get(viewerContext)!;
  const form = await request.formData();
  if (textOf(form, 'intent') !== 'withdraw') throw data(null, { status: 400 });
  const applicationId = textOf(form, 'applicationId');
  const { applications } = context.get(appContext);
  const answer = await applications.withdraw({ studentId: viewer.userId, applicationId });
  if (answer.ok) return leadOn(`/dashboard?withdrawn=${applicationId}`);
  if (answer.reason === 'not_found') throw data(null, { status: 404 });
  // The employer was faster: the page shows what it has become.
  return data({ ended: applicationId }, { status: 409 });
}

export default function DashboardPage({ loaderData, actionData }: Route.ComponentProps) {
  const { topic, applications, sent, again, withdrawn } = loaderData;
  const state = useLive([topic]);
  const titled = (id: string | null) => applications.find((application) => application.id === id);
  return (
    <Page title="Your applications" actions={applications.length > 0 && <LiveMark state={state} />}>
      <div className="stack">
        <SentNotice application={titled(sent)} title="Sent: kept here, safely." />
        <SentNotice
          application={titled(again)}
          title="You had applied already; nothing was sent twice."
        />
        {titled(withdrawn)?.status === 'withdrawn' && (
          <SentNotice application={titled(withdrawn)} title="Withdrawn." />
        )}
        {actionData && (
          <Notice tone="warn" announce title="Not withdrawn: it had ended a moment before.">
            <p>Nothing was changed. See below how it ended.</p>
          </Notice>
        )}
        {applications.length === 0 ? (
          <NoApplications />
        ) : (
          <ul className="application-list">
            {applications.map((application) => (
              <ApplicationCard key={application.id} application={application} />
            ))}
          </ul>
        )}
      </div>
    </Page>
  );
}

function SentNotice({
  application,
  title,
}: {
  application: StudentApplication | undefined;
  title: string;
}) {
  if (!application) return null;
  return (
    <Notice tone="ok" announce title={title}>
      <p>
        {application.jobTitle}, {application.employer}. Where it stands is shown below.
      </p>
    </Notice>
  );
}

function NoApplications() {
  return (
    <>
      <h2 className="unseen">Sent so far</h2>
      <Empty
        title="No applications yet"
        actions={
          <>
            <Link className="button primary" to="/jobs">
              Find a job
            </Link>
            <Link className="button" to="/profile">
              Fill in your profile
            </Link>
          </>
        }
      >
        When you apply for a job, you see here where it stands, as soon as the employer moves it.
      </Empty>
    </>
  );
}
