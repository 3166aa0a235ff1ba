import { Card, Notice } from '#src/look/page.tsx';
import { ProgressBar } from '#src/look/stepper.tsx';
import { balances, type SideOfRun, sidesOf } from '#src/sync/balance.ts';
import type { RunRow } from './dashboardRows.ts';
import { plainName, providerWords } from './labels.ts';
import { progressWords } from './progress.ts';
import { COUNTS } from './runList.tsx';

/** What a run looked at on each side, what became of it, and why some of it did not pass. */
export function RunCounts({ run }: { run: RunRow }) {
  const { theirs, ours } = sidesOf(run);
  const provider = providerWords(run.provider);
  const sides: [string, SideOfRun][] = [
    [`In ${provider} → here`, theirs],
    [`Here → ${provider}`, ours],
  ];
  return (
    <Card>
      <div className="stack">
        <SidesTable sides={sides} />
        <Expected run={run} />
        {run.state === 'running' && (
          <>
            <ProgressBar done={run.seen} of={run.expected} label="Progress" />
            <p className="muted number">{progressWords(run)}</p>
          </>
        )}
        {sides.map(([words, side]) => (
          <Reasons key={words} side={side} words={words} />
        ))}
        <Balance run={run} />
      </div>
    </Card>
  );
}

function SidesTable({ sides }: { sides: [string, SideOfRun][] }) {
  return (
    <div className="side-counts">
      <table className="mini">
        <thead>
          <tr>
            <th scope="col">Records</th>
            {sides.map(([words]) => (
              <th scope="col" className="right" key={words}>
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {COUNTS.map(([name, count]) => (
            <tr key={name}>
              <th scope="row">{count}</th>
              {sides.map(([words, side]) => (
                <td key={words} className={toneOf(name, side[name])}>
                  {side[name].toLocaleString('en-US')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function toneOf(name: string, count: number): string {
  if (count === 0) return 'right number zero';
  return name === 'failed' ? 'right number bad' : 'right number';
}

function Expected({ run }: { run: RunRow }) {
  if (run.expected === null) return null;
  const provider = providerWords(run.provider);
  const counts = `${provider} counts ${run.expected.toLocaleString('en-US')} records`;
  return (
    <p className="quiet-text number">
      {run.shown === null
        ? `${counts}.`
        : `${counts} and showed ${run.shown.toLocaleString('en-US')} different ones.`}
    </p>
  );
}

function Reasons({ side, words }: { side: SideOfRun; words: string }) {
  const told = [
    ['Skipped', side.skipReasons],
    ['Failed', side.failReasons],
  ] as const;
  return told.map(([what, reasons]) =>
    Object.keys(reasons).length === 0 ? null : (
      <p className="quiet-text" key={what}>
        {words}, {what.toLowerCase()}:{' '}
        {Object.entries(reasons)
          .map(([reason, count]) => `${plainName(reason)} (${count.toLocaleString('en-US')})`)
          .join(', ')}
        .
      </p>
    ),
  );
}

/** Where the sums are not final yet, nothing is said of them. */
const OPEN: readonly string[] = ['running', 'waiting', 'asks', 'held', 'interrupted', 'failed'];

function Balance({ run }: { run: RunRow }) {
  if (OPEN.includes(run.state)) return null;
  return balances(run) ? (
    <p className="small muted">
      The counts balance on both sides: everything that was looked at is accounted for.
    </p>
  ) : (
    <Notice tone="bad" title="The counts do not balance">
      <p>
        {run.seen.toLocaleString('en-US')} records were seen there and{' '}
        {run.oursSeen.toLocaleString('en-US')} of ours were looked at, but the other counts do not
        add up to it. Do not trust this run: “Compare everything” on the dashboard finds what is
        missing.
      </p>
    </Notice>
  );
}
