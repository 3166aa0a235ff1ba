import { Form, Link, useSearchParams } from 'react-router';
import { Notice, Section } from '#src/look/page.tsx';
import { Chip } from '#src/look/status.tsx';
import { When } from '#src/look/when.tsx';
import type { IssueRow } from './decisions.ts';
import { issueWords } from './issueWords.ts';
import { recordWords } from './labels.ts';

/** What a person should know of: open issues, newest first; closed ones when asked for. */
export function Issues({ issues, closed }: { issues: IssueRow[]; closed: boolean }) {
  const title = closed
    ? 'Closed issues'
    : `Issues${issues.length > 0 ? ` (${issues.length})` : ''}`;
  return (
    <Section title={title} id="issues" aside={<ClosedSwitch closed={closed} />}>
      {issues.length > 0 ? (
        <ul className="card-list" aria-label={title}>
          {issues.map((issue) => (
            <li key={issue.id}>
              <IssueItem issue={issue} />
            </li>
          ))}
        </ul>
      ) : (
        <Notice tone={closed ? 'still' : 'ok'}>
          <p>
            {closed
              ? 'No issue has been closed yet.'
              : 'None: nothing asks for a person’s judgement.'}
          </p>
        </Notice>
      )}
    </Section>
  );
}

function ClosedSwitch({ closed }: { closed: boolean }) {
  const [query] = useSearchParams();
  const other = new URLSearchParams(query);
  other.delete('did');
  if (closed) other.delete('closed');
  else other.set('closed', '1');
  return (
    <Link to={`?${other}#issues`} preventScrollReset className="small">
      {closed ? 'Show open issues' : 'Show closed issues'}
    </Link>
  );
}

function IssueItem({ issue }: { issue: IssueRow }) {
  const { title, next } = issueWords(issue.kind);
  return (
    <article className="failure">
      <div className="cluster spread">
        <h3>{title}</h3>
        <Chip word={issue.closedAt ? 'Closed' : 'Open'} tone={issue.closedAt ? 'still' : 'warn'} />
      </div>
      <p>{issue.detail}</p>
      {!issue.closedAt && <p className="quiet-text">{next}</p>}
      <p className="small muted">
        <About issue={issue} /> · first <When at={issue.openedAt} />
        {issue.count > 1 && (
          <>
            {' '}
            · {issue.count.toLocaleString('en-US')} times, last <When at={issue.lastAt} />
          </>
        )}
      </p>
      {issue.closedAt ? (
        <p className="small">
          Closed <When at={issue.closedAt} />
          {issue.closedBy ? ' by a person' : ' by itself'}: {issue.closedReason}
        </p>
      ) : (
        <CloseIssue issue={issue} />
      )}
    </article>
  );
}

function About({ issue }: { issue: IssueRow }) {
  const id = issue.theirId ?? issue.ourId;
  return (
    <>
      {issue.resource ? recordWords(issue.resource) : 'Connection'} {id && <code>{id}</code>} ·{' '}
      {issue.connectionLabel}
    </>
  );
}

function CloseIssue({ issue }: { issue: IssueRow }) {
  const field = `close-${issue.id}`;
  return (
    <details className="confirm">
      <summary className="button small-button">Close…</summary>
      <Form method="post" className="confirm-body" preventScrollReset>
        <input type="hidden" name="intent" value="closeIssue" />
        <input type="hidden" name="issueId" value={issue.id} />
        <label htmlFor={field}>What was done about it?</label>
        <input id={field} name="reason" maxLength={300} placeholder="Merged there" />
        <div>
          <button type="submit" className="small-button">
            Close
          </button>
        </div>
      </Form>
    </details>
  );
}
