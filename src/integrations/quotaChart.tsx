import { When } from '#src/look/when.tsx';
import type { QuotaUse, UseBar } from '#src/platform/quotaUse.ts';

const HEIGHT = 40;
const BAR = 4;

/** Calls of a connection over the last hour and day; a 429 is a mark above its bar, and in the table. */
export function QuotaChart({ use, callsPerMinute }: { use: QuotaUse; callsPerMinute: number }) {
  if (use.day.every(({ calls, throttled }) => calls + throttled === 0)) return null;
  return (
    <details className="quota-use">
      <summary className="small">Calls over time</summary>
      <Bars bars={use.hour} title="Calls a minute, last hour" minutes={1} limit={callsPerMinute} />
      <Bars bars={use.day} title="Calls a minute, last day" minutes={15} limit={callsPerMinute} />
      <UseTable bars={use.day} />
    </details>
  );
}

function Bars({
  bars,
  title,
  minutes,
  limit,
}: {
  bars: UseBar[];
  title: string;
  minutes: number;
  limit: number;
}) {
  const most = Math.max(limit, 1, ...bars.map(({ calls }) => calls / minutes));
  const refused = bars.reduce((sum, { throttled }) => sum + throttled, 0);
  const total = bars.reduce((sum, { calls }) => sum + calls, 0);
  const words = `${title}: ${total.toLocaleString('en-US')} calls, ${refused} answered with 429`;
  return (
    <figure>
      <figcaption className="small muted">{words}</figcaption>
      <svg
        role="img"
        aria-label={words}
        viewBox={`0 0 ${bars.length * BAR} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        {bars.map(({ from, calls, throttled }, index) => {
          const height = (calls / minutes / most) * (HEIGHT - 6);
          return (
            <g key={new Date(from).getTime()}>
              <rect
                className="use-calls"
                x={index * BAR}
                y={HEIGHT - height}
                width={BAR - 1}
                height={height}
              />
              {throttled > 0 && (
                <rect className="use-refused" x={index * BAR} y={0} width={BAR - 1} height={5} />
              )}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}

/** The same to read: quarters of an hour in which anything was asked, newest first. */
function UseTable({ bars }: { bars: UseBar[] }) {
  const used = bars.filter(({ calls, throttled }) => calls + throttled > 0).reverse();
  return (
    <details>
      <summary className="small">As a table</summary>
      <table className="mini">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" className="right">
              Calls in 15 minutes
            </th>
            <th scope="col" className="right">
              429s
            </th>
          </tr>
        </thead>
        <tbody>
          {used.map(({ from, calls, throttled }) => (
            <tr key={new Date(from).getTime()}>
              <th scope="row">
                <When at={from} as="exact" />
              </th>
              <td className="right">{calls.toLocaleString('en-US')}</td>
              <td className="right">{throttled}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
