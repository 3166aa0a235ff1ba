import { Link } from 'react-router';
import { useArea } from '#src/look/area.ts';
import { Status } from '#src/look/status.tsx';
import { ProgressBar } from '#src/look/stepper.tsx';
import { durationWords } from '#src/look/times.ts';
import { RUN_STATE } from '#src/look/tones.ts';
import { When } from '#src/look/when.tsx';
import { sidesOf } from '#src/sync/balance.ts';
import type { RunRow } from './dashboardRows.ts';
import { resourceWords, runWords, triggerWords } from './labels.ts';
import { progressWords } from './progress.ts';

/** Runs under way or waiting, each with how far it is. */
export function OpenRuns({ runs }: { runs: RunRow[] }) {
  const { root } = useArea();
  return (
    <ul className="card-list" aria-label="Running and waiting">
      {runs.map((run) => (
        <li key={run.id} className="open-run">
          <div className="cluster spread">
            <p>
              <Link to={`${root}/sync/runs/${run.id}`}>
                <strong>{resourceWords(run.resource)}</strong>
              </Link>{' '}
              <span className="quiet-text">
                {runWords(run).toLowerCase()} · {run.connectionLabel}
              </span>
            </p>
            <Status of={RUN_STATE} status={run.state} />
          </div>
          <ProgressBar
            done={run.seen}
            of={run.state === 'running' ? run.expected : null}
            label={`${resourceWords(run.resource)} of ${run.connectionLabel}`}
          />
          <p className="small muted number">
            {run.state === 'running' ? progressWords(run) : <Waiting run={run} />}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Waiting({ run }: { run: RunRow }) {
  return (
    <>
      Asked for <When at={run.requestedAt} />
      {run.nextTryAt && (
        <>
          {' '}
          · goes on <When at={run.nextTryAt} />
        </>
      )}
      {run.reason && <> · {run.reason}</>}
    </>
  );
}

/** Runs that ended: what each saw, did and left. */
export function RunTable({ runs }: { runs: RunRow[] }) {
  return (
    <div className="table-card">
      <table>
        <thead>
          <tr>
            <th scope="col">Ended</th>
            <th scope="col">What</th>
            <th scope="col">State</th>
            {COUNTS.map(([, words]) => (
              <th scope="col" className="right" key={words}>
                {words}
              </th>
            ))}
            <th scope="col" className="right">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunLine key={run.id} run={run} />
          ))}
        </tbody>
      </table>
      <p className="small muted">
        Upper figures: their records, and what became of them here. Lower figures: ours, and what
        became of them there.
      </p>
    </div>
  );
}

export const COUNTS = [
  ['seen', 'Seen'],
  ['created', 'New'],
  ['updated', 'Changed'],
  ['unchanged', 'Same'],
  ['skipped', 'Skipped'],
  ['failed', 'Failed'],
] as const;

function RunLine({ run }: { run: RunRow }) {
  const { root } = useArea();
  const { theirs, ours } = sidesOf(run);
  return (
    <tr>
      <td data-label="Ended" className="nowrap">
        <When at={run.finishedAt ?? run.requestedAt} />
      </td>
      <td data-label="What">
        <span>
          <Link to={`${root}/sync/runs/${run.id}`}>{resourceWords(run.resource)}</Link>
          <small className="block muted">
            {run.connectionLabel} · {runWords(run).toLowerCase()} · {triggerWords(run.trigger)}
          </small>
        </span>
      </td>
      <td data-label="State">
        <span>
          <Status of={RUN_STATE} status={run.state} />
          {run.reason && <small className="block quiet-text">{run.reason}</small>}
        </span>
      </td>
      {COUNTS.map(([name, words]) => (
        <td
          key={name}
          data-label={words}
          className={theirs[name] + ours[name] === 0 ? 'right zero' : 'right'}
        >
          <span>
            {theirs[name].toLocaleString('en-US')}
            {ours.seen > 0 && (
              <small className="block muted">
                <span className="unseen">of ours: </span>
                {ours[name].toLocaleString('en-US')}
              </small>
            )}
          </span>
        </td>
      ))}
      <td data-label="Took" className="right nowrap">
        {tookWords(run)}
      </td>
    </tr>
  );
}

export function tookWords(run: Pick<RunRow, 'startedAt' | 'finishedAt'>): string {
  if (!run.startedAt || !run.finishedAt) return '–';
  return durationWords(run.finishedAt.getTime() - run.startedAt.getTime());
}
