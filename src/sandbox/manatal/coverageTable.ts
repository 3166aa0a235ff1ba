import { coverageTables } from '../coverageTables.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { ROUTES } from './coverage.ts';
import { SWITCHES } from './switches.ts';

/** The tables of docs/manatal-simulator.md, written from what the code says of itself. */
export function renderCoverage(): string {
  return coverageTables({
    routes: {
      note: '`{record}` stands for organizations, jobs, candidates, contacts and matches.',
      head: ['Service', 'Path', 'Methods', 'Mark', 'Shown by the test'],
      rows: ROUTES.map(({ service, path, methods, mark, test }) => [
        service,
        `\`${path}\``,
        methods,
        mark,
        test,
      ]),
    },
    behaviours: BEHAVIOURS,
    switches: SWITCHES,
  });
}
