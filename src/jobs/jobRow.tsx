import { Link } from 'react-router';
import { useReading } from '#src/look/when.tsx';
import {
  closesExactly,
  closesWords,
  employmentWords,
  type JobCard,
  payWords,
  placeWords,
} from './job.ts';

const NEW_HOURS = 24;
const CLOSING_DAYS = 7;

/** Jobs as a list: each row a link to its page. */
export function JobList({ jobs, label }: { jobs: JobCard[]; label?: string }) {
  return (
    <ul className="card-list" aria-label={label}>
      {jobs.map((job) => (
        <li key={job.id}>
          <JobRow job={job} />
        </li>
      ))}
    </ul>
  );
}

function JobRow({ job }: { job: JobCard }) {
  const pay = payWords(job.pay);
  return (
    <article className="job-row">
      <h3>
        <Link to={`/jobs/${job.slug}`}>{job.title}</Link>
      </h3>
      {pay && <p className="job-pay number">{pay}</p>}
      <JobFacts job={job} />
      <JobTimes job={job} />
    </article>
  );
}

/** Employer, place, type: what is known, in that order. A line breaks between facts, not inside. */
function JobFacts({ job }: { job: JobCard }) {
  const facts = [
    job.employer?.name,
    placeWords(job),
    employmentWords(job.employmentType),
    job.remote ? 'Remote' : null,
  ].filter((fact) => fact !== null && fact !== undefined);
  return (
    <p className="job-facts">
      {facts.map((fact, index) => (
        <span key={fact}>
          {fact}
          {index < facts.length - 1 && ' · '}
        </span>
      ))}
    </p>
  );
}

/** Said only when it matters: a job of the last day, and one that closes within the week. */
function JobTimes({ job }: { job: JobCard }) {
  const { now } = useReading();
  const age = job.postedAt && now.getTime() - job.postedAt.getTime();
  const left = job.closesAt && job.closesAt.getTime() - now.getTime();
  const isNew = age !== null && age < NEW_HOURS * 3_600_000;
  const closesSoon = left !== null && left > 0 && left < CLOSING_DAYS * 86_400_000;
  if (!isNew && !closesSoon) return null;
  return (
    <p className="job-times">
      {isNew && <span className="job-new">New</span>}
      {closesSoon && <span title={closesExactly(job) ?? undefined}>{closesWords(job, now)}</span>}
    </p>
  );
}
