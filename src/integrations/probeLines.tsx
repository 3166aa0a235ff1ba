import { ToneShape } from '#src/look/status.tsx';
import type { ProbeLine } from './commands.ts';

/** The answer of a Test Connection: a line per capability, in words, with what to do. */
export function ProbeLines({ lines }: { lines: ProbeLine[] }) {
  const failing = lines.filter(({ ok, isOptional }) => !ok && !isOptional).length;
  const isLacking = lines.some(({ ok }) => !ok);
  const summary =
    failing === 0
      ? `Everything${isLacking ? ' that KiEX needs' : ''} works.`
      : `${failing} of ${lines.length} ${failing === 1 ? 'does' : 'do'} not work.`;
  return (
    <div role="status" className="probe">
      <p className="notice-title">{summary}</p>
      <ul>
        {lines.map((line) => (
          <li
            key={line.capability}
            className={line.ok ? 'works' : line.isOptional ? undefined : 'fails'}
          >
            <ToneShape tone={toneOf(line)} />
            <div>
              <p>
                <strong>{line.capability}</strong>: {line.words}
              </p>
              {line.remedy && <p className="quiet-text">{line.remedy}</p>}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What KiEX does not need now is no fault. */
const toneOf = ({ ok, isOptional }: ProbeLine) => (ok ? 'ok' : isOptional ? 'still' : 'bad');
