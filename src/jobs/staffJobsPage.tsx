import { Form, Link } from 'react-router';
import { Empty, Page, pageMeta } from '#src/look/page.tsx';
import { Paging } from '#src/look/paging.tsx';
import { Status } from '#src/look/status.tsx';
import { JOB_STATUS } from '#src/look/tones.ts';
import { When } from '#src/look/when.tsx';
import '#src/look/staff.css';
import { appContext } from '#src/pageContext.ts';
import type { Route } from './+types/staffJobsPage.ts';
import type { ListedJob } from './jobEditing.ts';
import { readSearch } from './jobSearch.ts';
import { WayChip } from './wayChip.tsx';

export const meta: Route.MetaFunction = () => pageMeta('Edit jobs');

export async function loader({ url, context }: Route.LoaderArgs) {
  const { jobEditing } = context.get(appContext);
  const { text, page } = readSearch(url.searchParams);
  return { text, page, ...(await jobEditing.list({ text, page })) };
}

export default function StaffJobsPage({ loaderData }: Route.ComponentProps) {
  const { text, page, jobs, total, pages } = loaderData;
  return (
    <Page
      title="Edit jobs"
      lead="Every job KiEX knows, the last changed first."
      actions={
        <Link to="/staff/jobs/new" className="button primary">
          New job
        </Link>
      }
    >
      <div className="stack">
        <Form action="/staff/jobs" className="quick-search" role="search" key={text}>
          <label className="unseen" htmlFor="q">
            Title, employer or place
          </label>
          <input
            id="q"
            name="q"
            type="search"
            defaultValue={text}
            placeholder="Title, employer or place"
          />
          <button type="submit">Search</button>
        </Form>
        <p className="muted number">
          {total.toLocaleString('en-US')} {total === 1 ? 'job' : 'jobs'}
          {text && ' found'}
        </p>
        {jobs.length > 0 ? <JobTable jobs={jobs} /> : <NoJobs searched={text !== ''} />}
        <Paging page={page} pages={pages} label="Pages of jobs" />
      </div>
    </Page>
  );
}

function NoJobs({ searched }: { searched: boolean }) {
  if (searched) {
    return (
      <Empty title="No job matches this" actions={<Link to="/staff/jobs">See all jobs</Link>}>
        Try fewer or shorter words.
      </Empty>
    );
  }
  return (
    <Empty
      title="No jobs yet"
      actions={<Link to="/staff/integrations">To Integration Settings</Link>}
    >
      Jobs come in once an employer’s account is connected, or are made here with “New job”.
    </Empty>
  );
}

function JobTable({ jobs }: { jobs: ListedJob[] }) {
  return (
    <div className="table-card">
      <table>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">Employer</th>
            <th scope="col">State</th>
            <th scope="col">Where it is</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id}>
              <td data-label="Job">
                <Link to={`/staff/jobs/${job.id}/edit`}>{job.title}</Link>
              </td>
              <td data-label="Employer">{job.employer ?? 'Not named'}</td>
              <td data-label="State">
                {job.status === 'open' && !job.published ? (
                  'Not published'
                ) : (
                  <Status of={JOB_STATUS} status={job.status} />
                )}
              </td>
              <td data-label="Where it is">
                <WayChip way={job.way} />
              </td>
              <td data-label="Changed">
                <When at={job.updatedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
