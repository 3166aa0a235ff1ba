import { Chip } from '#src/look/status.tsx';
import type { StatusWords } from '#src/look/tones.ts';
import type { PreviewRecord } from '#src/sync/trailTables.ts';
import { plainName } from './labels.ts';
import { RecordLink } from './recordLink.tsx';
import { ValueWords } from './storyList.tsx';

const STATE: Record<PreviewRecord['state'], StatusWords> = {
  planned: { word: 'Planned', tone: 'info' },
  applied: { word: 'Carried out', tone: 'ok' },
  moved: { word: 'Moved', tone: 'warn' },
  failed: { word: 'Failed', tone: 'bad' },
};

const HERE: Record<PreviewRecord['here'], string | null> = {
  create: 'Create in KiEX',
  update: 'Change in KiEX',
  link: 'Tie to ours',
  close: 'Close in KiEX',
  none: null,
};

const THERE: Record<PreviewRecord['there'], string | null> = {
  create: 'Create at the provider',
  update: 'Change at the provider',
  none: null,
};

/** Previewed records, each with what would be done to it, field by field. */
export function PreviewTable({
  resource,
  records,
}: {
  resource: string;
  records: PreviewRecord[];
}) {
  return (
    <div className="table-card lines">
      <table>
        <thead>
          <tr>
            <th scope="col">Record</th>
            <th scope="col">What</th>
            <th scope="col" className="right">
              Calls
            </th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              <td data-label="Record">
                <RecordLink {...record} resource={resource} />
              </td>
              <td data-label="What">
                <What record={record} />
              </td>
              <td data-label="Calls" className="right labelled">
                {record.calls}
              </td>
              <td data-label="State" className="nowrap">
                <Chip {...STATE[record.state]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function What({ record }: { record: PreviewRecord }) {
  return (
    <div className="stack-tight">
      <Side words={HERE[record.here]} fields={record.toUs} />
      <Side words={THERE[record.there]} fields={record.toThem} />
      {Object.entries(record.conflicts).map(([name, { ours, theirs }]) => (
        <p key={name} className="small">
          Both sides changed {plainName(name)}: here <ValueWords value={ours} />, there{' '}
          <ValueWords value={theirs} />
        </p>
      ))}
      {record.detail && <p className="small quiet-text">{record.detail}</p>}
    </div>
  );
}

function Side({ words, fields }: { words: string | null; fields: PreviewRecord['toUs'] }) {
  if (!words) return null;
  return (
    <>
      <p>{words}</p>
      <dl className="facts small">
        {Object.entries(fields).map(([name, { before, after }]) => (
          <div key={name}>
            <dt>{plainName(name)}</dt>
            <dd>
              {before !== null && (
                <>
                  <ValueWords value={before} /> <span aria-hidden="true">→</span>
                  <span className="unseen"> becomes </span>{' '}
                </>
              )}
              <ValueWords value={after} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
