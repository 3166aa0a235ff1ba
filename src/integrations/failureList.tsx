import { Form, Link } from 'react-router';
import { useArea } from '#src/look/area.ts';
import { Chip } from '#src/look/status.tsx';
import { When } from '#src/look/when.tsx';
import { ActionButton } from './actionButton.tsx';
import type { FailureRow } from './dashboardRows.ts';
import { explainFailure } from './explainFailure.ts';
import { providerWords, recordWords } from './labels.ts';
import { RecordLink } from './recordLink.tsx';

/** Work that did not succeed: what happened, in whose words, and what a person can do. [F5] */
export function FailureList({ failures }: { failures: FailureRow[] }) {
  return (
    <ul className="card-list" aria-label="Failures">
      {failures.map((failure) => (
        <li key={failure.id}>
          <FailureItem failure={failure} />
        </li>
      ))}
    </ul>
  );
}

function FailureItem({ failure }: { failure: FailureRow }) {
  const { isStaff } = useArea();
  const { happened, next } = explainFailure(failure);
  const isDead = failure.state === 'dead';
  // What was refused for what it says is refused again until that is mended.
  const isToMend = isDead && failure.kind === 'refused' && failure.ourId !== null;
  return (
    <article className="failure">
      <div className="cluster spread">
        <h3>{happened}</h3>
        <Chip
          word={isDead ? 'Waits for a person' : 'Being retried'}
          tone={isDead ? 'bad' : 'warn'}
        />
      </div>
      <p className="quiet-text">{next}</p>
      <p className="small muted">
        <RecordLine failure={failure} /> · {failure.connectionLabel} · tried {failure.attempts}{' '}
        {failure.attempts === 1 ? 'time' : 'times'}, last <When at={failure.lastAt} />
        {failure.nextTryAt && !isDead && (
          <>
            , next <When at={failure.nextTryAt} />
          </>
        )}
      </p>
      <details>
        <summary className="small">In {providerWords(failure.provider)}’s words</summary>
        <ProviderWords failure={failure} />
      </details>
      <div className="cluster">
        <ActionButton
          fields={{ intent: 'retry', failureId: failure.id }}
          className={isDead && !isToMend ? 'small-button primary' : 'small-button'}
        >
          {failure.step === 'unanswered' ? 'Send again' : 'Retry now'}
        </ActionButton>
        {failure.ourId && isStaff && failure.step !== 'unanswered' && (
          <Link
            className={isToMend ? 'button small-button primary' : 'button small-button'}
            to={`/staff/sync/problems/${failure.id}`}
          >
            Edit and retry…
          </Link>
        )}
        <Dismiss failure={failure} />
      </div>
    </article>
  );
}

function RecordLine({ failure }: { failure: FailureRow }) {
  return (
    <>
      {recordWords(failure.resource)}
      {failure.recordName && ` “${failure.recordName}”`} <RecordLink {...failure} />
    </>
  );
}

function ProviderWords({ failure }: { failure: FailureRow }) {
  const facts: [string, string | null][] = [
    ['Status', failure.status ? String(failure.status) : null],
    ['At the field', failure.path],
    ['Their id', failure.theirId],
    ['Our id', failure.ourId],
    ['Request id', failure.requestId],
  ];
  return (
    <div className="stack provider-words">
      <p className="code">{failure.detail || 'Nothing was said.'}</p>
      <dl className="facts small">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="code">{value}</dd>
            </div>
          ))}
        <div>
          <dt>First</dt>
          <dd>
            <When at={failure.firstAt} as="exact" />
          </dd>
        </div>
      </dl>
    </div>
  );
}

function Dismiss({ failure }: { failure: FailureRow }) {
  const field = `reason-${failure.id}`;
  return (
    <details className="confirm">
      <summary className="button small-button">Dismiss…</summary>
      <Form method="post" className="confirm-body" preventScrollReset>
        <input type="hidden" name="intent" value="dismiss" />
        <input type="hidden" name="failureId" value={failure.id} />
        <label htmlFor={field}>Why need this not be done?</label>
        <input id={field} name="reason" maxLength={300} placeholder="Deleted on purpose" />
        <div>
          <button type="submit" className="small-button danger">
            Dismiss
          </button>
        </div>
      </Form>
    </details>
  );
}
