import { data, Link } from 'react-router';
import { Empty, Page, pageMeta, Section } from '#src/look/page.tsx';
import { Paging } from '#src/look/paging.tsx';
import { Status } from '#src/look/status.tsx';
import '#src/look/staff.css';
import { WayChip } from '#src/jobs/wayChip.tsx';
import { CONNECTION_STATE, JOB_STATUS } from '#src/look/tones.ts';
import { When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/employerHome.ts';
import type { EmployerJob } from './employerView.ts';

export const meta: Route.MetaFunction = () => pageMeta('Your jobs');

export async function loader({ url, context }: Route.LoaderArgs) {
  const { deskOf, employerView } = context.get(appContext);
  const { own, dashboard } = await deskOf(context.get(viewerContext));
  // Staff have pages of their own for everybody's jobs.
  if (!own) throw data(null, { status: 404 });
  const page = pageIn(url);
  const [listed, connections] = await Promise.all([
    employerView.jobs(own, page),
    dashboard.connections(),
  ]);
  return {
    employers: own.organizations,
    page,
    ...listed,
    connections: connections.map(({ id, label, state, stateReason, openFailures }) => ({
      ...{ id, label, state, stateReason, openFailures },
    })),
  };
}

const PAGE_MAX = 1_000;

function pageIn(url: URL): number {
  const asked = Math.floor(Number(url.searchParams.get('page')));
  return asked >= 1 ? Math.min(asked, PAGE_MAX) : 1;
}

export default function EmployerHome({ loaderData }: Route.ComponentProps) {
  const { employers, jobs, total, page, pages, connections } = loaderData;
  if (employers.length === 0) return <NoEmployer />;
  return (
    <Page title="Your jobs" lead={employers.map(({ name }) => name).join(', ')}>
      <div className="stack-wide">
        <Section
          title="Connections"
          aside={<Link to="/employer/integrations">Integration Settings</Link>}
        >
          <Connections connections={connections} />
        </Section>
        <Section
          title={total > 0 ? `Jobs (${total.toLocaleString('en-US')})` : 'Jobs'}
          aside={<Link to="/employer/jobs/new">New job</Link>}
        >
          {jobs.length > 0 ? (
            <JobTable jobs={jobs} />
          ) : (
            <NoJobs isConnected={connections.length > 0} />
          )}
          <Paging page={page} pages={pages} label="Pages of jobs" />
        </Section>
      </div>
    </Page>
  );
}

function NoEmployer() {
  return (
    <Page title="Your jobs">
      <Empty title="You act for no employer at the moment">
        Ask the people behind KiEX to add you to yours. Its jobs and applicants then appear here.
      </Empty>
    </Page>
  );
}

function NoJobs({ isConnected }: { isConnected: boolean }) {
  return (
    <Empty
      title="No jobs yet"
      actions={
        !isConnected && (
          <Link className="button primary" to="/employer/integrations">
            Connect your Manatal account
          </Link>
        )
      }
    >
      {isConnected
        ? 'Publish a job in Manatal, and it appears here within minutes.'
        : 'Once your Manatal account is connected, its jobs are read here and applications go there.'}
    </Empty>
  );
}

type Data = Route.ComponentProps['loaderData'];

function Connections({ connections }: Pick<Data, 'connections'>) {
  if (connections.length === 0) {
    return (
      <p className="muted">
        None yet. <Link to="/employer/integrations">Connect your Manatal account</Link> to have its
        jobs here.
      </p>
    );
  }
  return (
    <ul className="card-list" aria-label="Connections">
      {connections.map(({ id, label, state, stateReason, openFailures }) => (
        <li key={id} className="open-run">
          <div className="cluster spread">
            <Link to={`/employer/integrations#${id}`}>
              <strong>{label}</strong>
            </Link>
            <Status of={CONNECTION_STATE} status={state} />
          </div>
          {state !== 'connected' && stateReason && <p className="quiet-text">{stateReason}</p>}
          {openFailures > 0 && (
            <p className="small">
              <Link to={`/employer/sync?connection=${id}#problems`}>
                {openFailures === 1 ? '1 problem' : `${openFailures} problems`}
              </Link>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function JobTable({ jobs }: { jobs: EmployerJob[] }) {
  return (
    <div className="table-card">
      <table>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            <th scope="col" className="right">
              Applicants
            </th>
            <th scope="col">Where it is</th>
            <th scope="col">Closes</th>
            <th scope="col">
              <span className="unseen">Edit</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobLine key={job.id} job={job} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function JobLine({ job }: { job: EmployerJob }) {
  return (
    <tr>
      <td data-label="Job">
        <span>
          <Link to={`/employer/jobs/${job.id}/applicants`}>{job.title}</Link>
          {job.employer && <small className="block muted">{job.employer}</small>}
        </span>
      </td>
      <td data-label="State">
        {job.status === 'open' && !job.published ? (
          'Not published'
        ) : (
          <Status of={JOB_STATUS} status={job.status} />
        )}
      </td>
      <td data-label="Applicants" className="right number">
        <span>
          {job.applicants.toLocaleString('en-US')}
          {job.unseen > 0 && <small className="block muted">{job.unseen} not looked at</small>}
        </span>
      </td>
      <td data-label="Where it is">
        <WayChip way={job.way} />
      </td>
      <td data-label="Closes">{job.closesAt ? <When at={job.closesAt} /> : 'No closing date'}</td>
      <td className="right">
        <Link to={`/employer/jobs/${job.id}/edit`} aria-label={`Edit ${job.title}`}>
          Edit
        </Link>
      </td>
    </tr>
  );
}
