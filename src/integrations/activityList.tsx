import { Link } from 'react-router';
import { useArea } from '#src/look/area.ts';
import { Chip } from '#src/look/status.tsx';
import { durationWords } from '#src/look/times.ts';
import { When } from '#src/look/when.tsx';
import type { ActivityRow, DeliveryRow } from './dashboardRows.ts';
import { directionWords, doorWords, plainName, recordWords } from './labels.ts';
import { RecordLink } from './recordLink.tsx';

/** History, line by line: field names and ids, never values. [P3] */
export function ActivityTable({ rows }: { rows: ActivityRow[] }) {
  return (
    <div className="table-card lines">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Through</th>
            <th scope="col">Record</th>
            <th scope="col">What</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ActivityLine key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ActivityLine({ row }: { row: ActivityRow }) {
  const { root } = useArea();
  return (
    <tr>
      <td data-label="When" className="nowrap">
        <When at={row.at} />
      </td>
      <td data-label="Through">
        <span>
          {row.runId ? (
            <Link to={`${root}/sync/runs/${row.runId}`}>{doorWords(row.door)}</Link>
          ) : (
            doorWords(row.door)
          )}{' '}
          <span className="muted">{directionWords(row.direction)}</span>
        </span>
      </td>
      <td data-label="Record">
        <span>
          {row.resource ? recordWords(row.resource) : 'Connection'} <RecordLink {...row} />
          {row.connectionLabel && <small className="block muted">{row.connectionLabel}</small>}
        </span>
      </td>
      <td data-label="What">
        <span>
          {plainName(row.action)}
          {row.fields.length > 0 && (
            <span className="muted">: {row.fields.map(plainName).join(', ')}</span>
          )}
          {row.detail && <small className="block quiet-text">{row.detail}</small>}
        </span>
      </td>
      <td data-label="Outcome" className="nowrap">
        <span>
          <Chip word={row.ok ? 'OK' : 'Failed'} tone={row.ok ? 'ok' : 'bad'} />{' '}
          {row.milliseconds !== null && (
            <span className="small muted">{durationWords(row.milliseconds)}</span>
          )}
        </span>
      </td>
    </tr>
  );
}

const DELIVERY_STATE = {
  stored: { word: 'Stored', tone: 'info' },
  handled: { word: 'Handled', tone: 'ok' },
  ignored: { word: 'Ignored', tone: 'still' },
} as const;

/** Webhook requests that came in, and what became of each. */
export function DeliveryTable({ rows }: { rows: DeliveryRow[] }) {
  return (
    <div className="table-card lines">
      <table>
        <thead>
          <tr>
            <th scope="col">Received</th>
            <th scope="col">Event</th>
            <th scope="col">Connection</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td data-label="Received" className="nowrap">
                <When at={row.receivedAt} />
              </td>
              <td data-label="Event">
                <span>
                  {row.event} {row.theirId && <code>{row.theirId}</code>}
                </span>
              </td>
              <td data-label="Connection">{row.connectionLabel}</td>
              <td data-label="State">
                <span>
                  <Chip {...DELIVERY_STATE[row.state]} />
                  {row.reason && <small className="block quiet-text">{row.reason}</small>}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
