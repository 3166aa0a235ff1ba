import { data, Link } from 'react-router';
import { Empty, Page, pageMeta } from '#src/look/page.tsx';
import { Paging } from '#src/look/paging.tsx';
import { Status } from '#src/look/status.tsx';
import '#src/look/staff.css';
import { APPLICATION_STATUS } from '#src/look/tones.ts';
import { When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/applicantsPage.ts';
import type { Applicant } from './employerView.ts';
import { PublicApplicants } from './publicApplicantTable.tsx';

export const meta: Route.MetaFunction = ({ loaderData }) =>
  pageMeta(loaderData ? `Applicants: ${loaderData.job.title}` : 'No such job');

const PAGE_MAX = 1_000;

export async function loader({ params, url, context }: Route.LoaderArgs) {
  const { deskOf, employerView } = context.get(appContext);
  const { own } = await deskOf(context.get(viewerContext));
  const asked = Math.floor(Number(url.searchParams.get('page')));
  const page = asked >= 1 ? Math.min(asked, PAGE_MAX) : 1;
  const found = own && (await employerView.applicants(own, params.id, page));
  if (!found) throw data(null, { status: 404 });
  return { ...found, page };
}

export default function ApplicantsPage({ loaderData }: Route.ComponentProps) {
  const { job, applicants, total, page, pages, fromElsewhere } = loaderData;
  return (
    <Page
      title={job.title}
      lead={total === 1 ? '1 applicant' : `${total.toLocaleString('en-US')} applicants`}
      back={{ to: '/employer', words: 'Your jobs' }}
      actions={
        <>
          {job.published && <Link to={`/jobs/${job.slug}`}>As students see it</Link>}
          <Link className="button" to={`/employer/jobs/${job.id}/edit`}>
            Edit job
          </Link>
        </>
      }
    >
      <div className="stack-wide">
        {applicants.length > 0 ? (
          <div className="stack">
            <p className="quiet-text">
              You move them on in Manatal, and the students see it here within minutes.
            </p>
            <ApplicantTable applicants={applicants} />
          </div>
        ) : (
          <Empty title="Nobody has applied through KiEX yet">
            {job.status === 'open' && job.published
              ? 'The job is on the board. Applications appear here and in Manatal as they are sent.'
              : 'Students do not see this job. Open and publish it in Manatal to have it on the board.'}
          </Empty>
        )}
        <Paging page={page} pages={pages} label="Pages of applicants" />
        {fromElsewhere.applicants.length > 0 && <PublicApplicants {...fromElsewhere} />}
      </div>
    </Page>
  );
}

function ApplicantTable({ applicants }: { applicants: Applicant[] }) {
  return (
    <div className="table-card">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Status</th>
            <th scope="col">Your stage</th>
            <th scope="col">Sent</th>
            <th scope="col">Resume</th>
          </tr>
        </thead>
        <tbody>
          {applicants.map((one) => (
            <tr key={one.applicationId}>
              <td data-label="Name">
                {one.name ?? <span className="muted">Not shared any more</span>}
              </td>
              <td data-label="Status">
                <Status of={APPLICATION_STATUS} status={one.status} />
              </td>
              <td data-label="Your stage">
                {one.stageName ?? <span className="muted">None yet</span>}
              </td>
              <td data-label="Sent">
                <When at={one.submittedAt} />
              </td>
              <td data-label="Resume">
                <ResumeOf applicant={one} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ResumeOf({ applicant }: { applicant: Applicant }) {
  const { applicationId, name, hasResume } = applicant;
  if (!hasResume) return <span className="muted">Not shared</span>;
  return (
    <a
      href={`/employer/applicants/${applicationId}/resume`}
      aria-label={`Resume of ${name ?? 'this applicant'}`}
    >
      Resume
    </a>
  );
}
