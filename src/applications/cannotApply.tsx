import { Link } from 'react-router';
import { Page } from '#src/look/page.tsx';
import { When } from '#src/look/when.tsx';
import type { ApplyPage } from './applications.ts';

type Refused = Extract<ApplyPage, { kind: 'paused' | 'closed' | 'already' }>;

/** Why there is no form to fill in, and where to go instead. */
export function CannotApply({ page }: { page: Refused }) {
  const { job } = page;
  return (
    <Page
      narrow
      title={TITLES[page.kind]}
      lead={`${job.title}, ${job.employer}`}
      back={{ to: `/jobs/${job.slug}`, words: 'The job' }}
    >
      {page.kind === 'already' ? (
        <p>
          You sent it <When at={page.submittedAt} />. One application for each job is enough: see
          where it stands on your dashboard.
        </p>
      ) : (
        <p>{page.kind === 'paused' ? PAUSED : CLOSED}</p>
      )}
      <div className="form-actions">
        {page.kind === 'already' && (
          <Link className="button primary" to="/dashboard">
            See my applications
          </Link>
        )}
        <Link className={page.kind === 'already' ? 'button' : 'button primary'} to="/jobs">
          See open jobs
        </Link>
      </div>
    </Page>
  );
}

const TITLES: Record<Refused['kind'], string> = {
  already: 'You have applied for this job',
  paused: 'This job is paused',
  closed: 'This job is closed',
};
const PAUSED = 'The employer takes no applications at the moment. It may open again: look later.';
const CLOSED = 'The employer takes no more applications. Your details and resumes are still here.';
