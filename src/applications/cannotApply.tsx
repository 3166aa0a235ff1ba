import { Link } from 'react-router';
import { Page } from '#src/look/page.tsx';
import { When } from '#src/look/when.tsx';
import type { ApplyPage } from './applications.ts';

type Refused = Exclude<ApplyPage, { kind: 'not_found' | 'open' }>;

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
        <p>{wordsOf(page)}</p>
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
  form_unknown: 'The employer’s form cannot be read now',
  form_barred: 'Apply on the employer’s own page',
};

function wordsOf(page: Exclude<Refused, { kind: 'already' }>): string {
  if (!('asked' in page)) return WORDS[page.kind];
  return `${page.job.employer} asks for what KiEX cannot send: ${page.asked.join(', ')}. Apply on its own career page.`;
}

const WORDS = {
  paused: 'The employer takes no applications at the moment. It may open again: look later.',
  closed: 'The employer takes no more applications. Your details and resumes are still here.',
  form_unknown:
    'The employer asks questions of its own, and its career page does not answer at the moment. Try again in a few minutes. If you had filled in the page, go back in your browser: what you typed is still there.',
};
