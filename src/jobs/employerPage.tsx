import { data, Link } from 'react-router';
import { Card, Empty, Page, pageMeta, Section } from '#src/look/page.tsx';
import type { Organization } from '#src/organizations/store.ts';
import { appContext } from '#src/pageContext.ts';
import type { Route } from './+types/employerPage.ts';
import { JobList } from './jobRow.tsx';

export const meta: Route.MetaFunction = ({ loaderData }) =>
  pageMeta(loaderData ? `${loaderData.employer.name}: open jobs` : 'No such employer');

export async function loader({ params, context }: Route.LoaderArgs) {
  const { jobs, organizations } = context.get(appContext);
  const employer = await organizations.bySlug(params.slug);
  if (!employer) throw data(null, { status: 404 });
  return { employer, jobs: await jobs.ofEmployer(employer.slug) };
}

export default function EmployerPage({ loaderData }: Route.ComponentProps) {
  const { employer, jobs } = loaderData;
  const count = jobs.length === 1 ? '1 open job' : `${jobs.length} open jobs`;
  return (
    <Page title={employer.name} back={{ to: '/jobs', words: 'All jobs' }}>
      <div className="stack">
        <AboutEmployer employer={employer} />
        <h2 className="board-count">{count}</h2>
        {jobs.length > 0 ? (
          <Section title="Open jobs">
            <JobList jobs={jobs} />
          </Section>
        ) : (
          <Empty
            title="No open jobs at the moment"
            actions={
              <Link className="button" to="/jobs">
                See all jobs
              </Link>
            }
          >
            When {employer.name} publishes a job, it appears here within minutes.
          </Empty>
        )}
      </div>
    </Page>
  );
}

function AboutEmployer({ employer }: { employer: Organization }) {
  const website = employer.website && webAddress(employer.website);
  if (!employer.description && !website && !employer.address) return null;
  return (
    <Card>
      <div className="stack">
        {employer.description && <p style={{ whiteSpace: 'pre-line' }}>{employer.description}</p>}
        {employer.address && <p className="quiet-text">{employer.address}</p>}
        {website && (
          <p>
            <a href={website.href} rel="noopener nofollow">
              {website.host}
            </a>
          </p>
        )}
      </div>
    </Card>
  );
}

/** A link only for real web addresses: what stands in the field was typed by anybody. */
function webAddress(text: string): URL | null {
  const written = /^[a-z]+:/i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(written)) return null;
  const url = new URL(written);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
}
