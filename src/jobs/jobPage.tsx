import { data, Link } from 'react-router';
import { Card, Empty, Notice, Page, pageMeta } from '#src/look/page.tsx';
import { useReading, When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import { plainText, startOf } from '#src/platform/words.ts';
import type { Route } from './+types/jobPage.ts';
import {
  closedWords,
  closesExactly,
  closesWords,
  employmentWords,
  type Job,
  type JobCard,
  payWords,
  placeWords,
} from './job.ts';
import { jobPosting } from './jobPosting.ts';
import { JobList } from './jobRow.tsx';

const SIMILAR_MAX = 4;
const NEWEST_MAX = 5;

export const meta: Route.MetaFunction = ({ loaderData }) => {
  if (!loaderData?.job) return [...pageMeta('No such job'), { name: 'robots', content: 'noindex' }];
  const { job, url, posting, closed } = loaderData;
  const summary = startOf(plainText(job.descriptionHtml), 155);
  return [
    ...pageMeta([job.title, job.employer?.name].filter(Boolean).join(', '), summary),
    { tagName: 'link', rel: 'canonical', href: url },
    { property: 'og:title', content: job.title },
    { property: 'og:description', content: summary },
    { property: 'og:url', content: url },
    ...(posting ? [{ 'script:ld+json': posting }] : []),
    ...(closed ? [{ name: 'robots', content: 'noindex' }] : []),
  ];
};

export async function loader({ params, context }: Route.LoaderArgs) {
  const { jobs, clock, publicUrl } = context.get(appContext);
  const job = await jobs.bySlug(params.slug);
  if (!job) {
    const newest = await jobs.newest(NEWEST_MAX);
    return data({ job: null, newest }, { status: 404 });
  }
  const now = clock.now();
  const url = `${publicUrl.replace(/\/$/, '')}/jobs/${job.slug}`;
  const viewer = context.get(viewerContext);
  return data({
    job,
    url,
    closed: closedWords(job, now),
    posting: jobPosting(job, url, now),
    similar: await jobs.similar(job, SIMILAR_MAX),
    mayApply: viewer === null || viewer.role === 'student',
  });
}

export default function JobPage({ loaderData }: Route.ComponentProps) {
  if (!loaderData.job) return <NoSuchJob newest={loaderData.newest} />;
  const { job, closed, similar, mayApply } = loaderData;
  const canApply = !closed && mayApply;
  return (
    <Page
      title={job.title}
      back={{ to: '/jobs', words: 'All jobs' }}
      lead={<JobLead job={job} />}
      actions={canApply && <ApplyLink job={job} className="wide-only" />}
    >
      {closed && (
        <Notice tone="warn" title={closed}>
          {similar.length > 0 ? (
            'Below are open jobs like it.'
          ) : (
            <Link to="/jobs">See all open jobs</Link>
          )}
        </Notice>
      )}
      <JobFacts job={job} closed={Boolean(closed)} />
      <div className="job-columns">
        <div>
          <h2 className="unseen">About the job</h2>
          <div
            className="prose"
            // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised when it is written, shown as it is stored
            dangerouslySetInnerHTML={{ __html: job.descriptionHtml || NO_DESCRIPTION }}
          />
        </div>
        <aside className="stack">
          {job.employer && <AboutEmployer employer={job.employer} />}
          {!closed && <AboutYourData job={job} />}
        </aside>
      </div>
      {similar.length > 0 && (
        <section className="job-similar">
          <h2>{closed ? 'Open jobs like this one' : 'Similar jobs'}</h2>
          <JobList jobs={similar} />
        </section>
      )}
      {canApply && (
        <div className="sticky-apply">
          <ApplyLink job={job} />
        </div>
      )}
    </Page>
  );
}

const NO_DESCRIPTION = '<p>The employer has not written more about this job yet.</p>';

function ApplyLink({ job, className = '' }: { job: Job; className?: string }) {
  return (
    <Link className={`button apply ${className}`} to={`/jobs/${job.slug}/apply`}>
      Apply for this job
    </Link>
  );
}

function JobLead({ job }: { job: Job }) {
  const place = placeWords(job);
  return (
    <>
      {job.employer && <Link to={`/employers/${job.employer.slug}`}>{job.employer.name}</Link>}
      {job.employer && place && ' · '}
      {place}
    </>
  );
}

function JobFacts({ job, closed }: { job: Job; closed: boolean }) {
  const { now } = useReading();
  const type = employmentWords(job.employmentType);
  const pay = payWords(job.pay);
  const closes = closed ? null : closesWords(job, now);
  return (
    <ul className="job-tags" aria-label="In short">
      {pay && <li className="number">{pay}</li>}
      {type && <li>{type}</li>}
      {job.remote === true && <li>Remote</li>}
      {(job.headcount ?? 0) > 1 && <li>{job.headcount} openings</li>}
      {closes && <li title={closesExactly(job) ?? undefined}>{closes}</li>}
      {job.postedAt && (
        <li>
          Posted <When at={job.postedAt} />
        </li>
      )}
    </ul>
  );
}

function AboutEmployer({ employer }: { employer: { name: string; slug: string } }) {
  return (
    <Card title="The employer" snug>
      <p>
        <Link to={`/employers/${employer.slug}`}>{employer.name}</Link>
      </p>
    </Card>
  );
}

function AboutYourData({ job }: { job: Job }) {
  const employer = job.employer?.name ?? 'the employer';
  return (
    <Card title="Your data" snug>
      <p className="quiet-text">
        Before anything is sent you see exactly what {employer} will get: your name, e-mail, phone,
        resume and note. Nothing goes out until you agree.
      </p>
    </Card>
  );
}

function NoSuchJob({ newest }: { newest: JobCard[] }) {
  return (
    <Page title="This job is not here" back={{ to: '/jobs', words: 'All jobs' }}>
      {newest.length === 0 ? (
        <Empty title="No jobs are open at the moment" />
      ) : (
        <div className="stack">
          <p>The address may be mistyped, or the employer has taken the job down.</p>
          <h2>The newest jobs</h2>
          <JobList jobs={newest} />
          <p>
            <Link to="/jobs">See all open jobs</Link>
          </p>
        </div>
      )}
    </Page>
  );
}
