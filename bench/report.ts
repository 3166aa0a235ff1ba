import fs from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { type BackfillFigures, median } from './backfill.ts';
import type { PacedFigures } from './paced.ts';
import type { QuietFigures, Writes } from './quiet.ts';

export interface Figures {
  backfill: BackfillFigures;
  quiet: QuietFigures;
  paced: PacedFigures | null;
}

/** The figures as Markdown, for the screen and for the paper. */
export function figuresInWords({ backfill, quiet, paced }: Figures): string {
  const list = (times: number[]) => times.map((time) => time.toFixed(0)).join(', ');
  const lines = [
    `Machine: ${machine()}.`,
    '',
    '| What | Figure | Bound |',
    '| --- | --- | --- |',
    `| Backfill of ${backfill.jobs} jobs, KiEX, median | ${median(backfill.kiex).toFixed(0)} ms (${list(backfill.kiex)}) | |`,
    `| The same, bare floor, median | ${median(backfill.floor).toFixed(0)} ms (${list(backfill.floor)}) | |`,
    `| KiEX against the floor | ${backfill.times.toFixed(2)} times | at most 2 |`,
    `| Second run over ${quiet.jobs} unchanged jobs, poll | ${writesInWords(quiet.poll)}; ${quiet.calls.poll} calls | its run and checkpoint only |`,
    `| The same, full read | ${writesInWords(quiet.full)}; ${quiet.calls.full} calls | its run and checkpoint only |`,
  ];
  if (paced) lines.push(...pacedLines(paced));
  return lines.join('\n');
}

function pacedLines(paced: PacedFigures): string[] {
  const { jobs, seconds, calls, usedShare, refused } = paced;
  return [
    `| Backfill of ${jobs} jobs under the quota | ${calls} calls in ${seconds.toFixed(1)} s | |`,
    `| Budget of ${paced.callsPerMinute} calls a minute used | ${(usedShare * 100).toFixed(1)} % | at least 95 % |`,
    `| Calls refused with 429 | ${refused} | 0 |`,
    `| Calls in each minute; most in any 60 s | ${paced.perMinute.join(', ')}; ${paced.mostInAnyMinute} | 100 |`,
  ];
}

const writesInWords = (writes: Writes) =>
  Object.entries(writes)
    .map(([table, { inserted, updated, deleted }]) => {
      const counts = { inserted, updated, deleted };
      const said = Object.entries(counts).flatMap(([word, count]) =>
        count ? `${count} ${word}` : [],
      );
      return `${table}: ${said.join(', ')}`;
    })
    .join('; ');

function machine(): string {
  const cores = os.cpus();
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  return `${cores.length} × ${cores[0]?.model.trim() || os.arch()}, ${gigabytes} GB, ${os.type()}, Node ${process.versions.node}`;
}

const paper = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const section = /(<!-- figures -->\n)[\s\S]*(<!-- end of figures -->)/;

/** Puts the figures into docs/benchmarks.md, in place of those before. */
export function writeFigures(words: string): void {
  const text = fs.readFileSync(paper, 'utf8');
  if (!section.test(text)) throw new Error('docs/benchmarks.md has no place for figures');
  fs.writeFileSync(
    paper,
    text.replace(section, (_, start, end) => `${start}${words}\n${end}`),
  );
}
