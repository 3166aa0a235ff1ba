import { Confirm } from '#src/look/confirm.tsx';
import { Notice } from '#src/look/page.tsx';
import { RUN_STATE } from '#src/look/tones.ts';
import { When } from '#src/look/when.tsx';
import { ActionButton } from './actionButton.tsx';
import type { ClosingRow, RunRow } from './dashboardRows.ts';
import { providerWords, recordWords, runAdvice } from './labels.ts';

/** How a run ended: what happened, what KiEX did not do because of it, and what to do next. */
export function RunOutcome({ run }: { run: RunRow }) {
  const advice = runAdvice(run.state, providerWords(run.provider));
  if (!advice && !run.reason) return null;
  const { word, tone } = RUN_STATE[run.state] ?? { word: run.state, tone: 'info' };
  return (
    <Notice tone={tone} title={run.reason ?? advice?.happened ?? word}>
      {advice && (
        <>
          <p>{advice.notDone}</p>
          <p>{advice.next}</p>
        </>
      )}
      {run.nextTryAt && (run.state === 'waiting' || run.state === 'running') && (
        <p>
          It goes on <When at={run.nextTryAt} />.
        </p>
      )}
      {(run.state === 'interrupted' || run.state === 'failed') && (
        <ActionButton fields={{ intent: 'resumeRun', runId: run.id }} className="button">
          Go on from there
        </ActionButton>
      )}
    </Notice>
  );
}

/** What a run asks about, with the answers that staff can give. */
export function RunQuestion({ run, rows }: { run: RunRow; rows: ClosingRow[] }) {
  if (rows.length === 0) return null;
  return (
    <div className="stack">
      {run.state === 'asks' && (
        <div className="cluster">
          <Confirm
            danger
            words="Close them"
            question={`${rows.length} records would be closed here. Each is read once more first, and one that is open again stays open.`}
          >
            <ActionButton
              fields={{ intent: 'approveRun', runId: run.id }}
              className="button danger"
            >
              Yes, close them
            </ActionButton>
          </Confirm>
          <ActionButton fields={{ intent: 'refuseRun', runId: run.id }} className="button">
            Leave them open
          </ActionButton>
        </div>
      )}
      <div className="table-card">
        <table>
          <thead>
            <tr>
              <th scope="col">{recordWords(run.resource)}</th>
              <th scope="col">Id in {providerWords(run.provider)}</th>
              <th scope="col">Why it would close</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.ourId}>
                <td data-label={recordWords(run.resource)}>{row.recordName ?? row.ourId}</td>
                <td data-label="Id there">{row.theirId}</td>
                <td data-label="Why">
                  {row.why === 'gone' ? 'it no longer exists there' : 'it is closed there'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
