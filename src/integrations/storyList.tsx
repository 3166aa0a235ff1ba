import { Link } from 'react-router';
import { Chip } from '#src/look/status.tsx';
import { When } from '#src/look/when.tsx';
import type { Value } from '#src/sync/canonical.ts';
import { directionWords, doorWords, plainName } from './labels.ts';
import type { StoryLine } from './recordStory.ts';

const KINDS: Record<StoryLine['kind'], string> = {
  write: '',
  activity: '',
  delivery: 'Webhook received',
  failure: 'Failure',
  conflict: 'Conflict',
};

/** All that happened to one record, newest first, with the values that changed. */
export function StoryTable({ lines }: { lines: StoryLine[] }) {
  return (
    <div className="table-card lines">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Through</th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              <td data-label="When" className="nowrap">
                <When at={line.at} />
              </td>
              <td data-label="Through">
                <Through line={line} />
              </td>
              <td data-label="What">
                <What line={line} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Through({ line }: { line: StoryLine }) {
  const words = KINDS[line.kind] || (line.door ? doorWords(line.door) : 'KiEX');
  return (
    <span>
      {line.runId ? <Link to={`/staff/sync/runs/${line.runId}`}>{words}</Link> : words}{' '}
      <span className="muted">{directionWords(line.direction)}</span>
      {line.connectionLabel && <small className="block muted">{line.connectionLabel}</small>}
    </span>
  );
}

function What({ line }: { line: StoryLine }) {
  const changes = Object.entries(line.fields);
  return (
    <div className="stack-tight">
      <p>
        {plainName(line.what)}{' '}
        {!line.ok && <Chip word={line.kind === 'conflict' ? 'Open' : 'Failed'} tone="bad" />}
        {line.undoneAt && <Chip word="Taken back" tone="still" />}
      </p>
      {line.detail && <p className="small quiet-text">{line.detail}</p>}
      {changes.length > 0 && (
        <dl className="facts small">
          {changes.map(([name, { before, after, rule }]) => (
            <div key={name}>
              <dt>{plainName(name)}</dt>
              <dd>
                {before !== null && (
                  <>
                    <ValueWords value={before} /> <span aria-hidden="true">→</span>
                    <span className="unseen"> became </span>{' '}
                  </>
                )}
                <ValueWords value={after} />
                {rule && <span className="muted"> ({rule})</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

const CHARACTERS_SHOWN = 160;

/** A value as it stands in a field; a long text opens on request. */
export function ValueWords({ value }: { value: Value }) {
  if (value === null) return <span className="muted">nothing</span>;
  if (typeof value === 'boolean') return <>{value ? 'yes' : 'no'}</>;
  const words = String(value);
  if (words.length <= CHARACTERS_SHOWN) return <>{words}</>;
  return (
    <details>
      <summary>{words.slice(0, CHARACTERS_SHOWN)}…</summary>
      {words}
    </details>
  );
}
