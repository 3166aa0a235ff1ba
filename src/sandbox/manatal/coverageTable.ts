import type { Switch } from '../switchKinds.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { ROUTES } from './coverage.ts';
import { SWITCHES } from './switches.ts';

/** The tables of docs/manatal-simulator.md, written from what the code says of itself. */
export function renderCoverage(): string {
  const routes = ROUTES.map(({ service, path, methods, mark, test }) =>
    tableRow([service, `\`${path}\``, methods, mark, test]),
  );
  const behaviours = BEHAVIOURS.map(({ section, rule, mark, test }) =>
    tableRow([rule, section, mark, test]),
  );
  const switches = Object.entries<Switch<unknown>>(SWITCHES).map(([name, known]) =>
    tableRow([`\`${name}\``, known.says, settings(known), known.mark]),
  );
  return [
    '## Routes',
    '`{record}` stands for organizations, jobs, candidates, contacts and matches.',
    [...head(['Service', 'Path', 'Methods', 'Mark', 'Shown by the test']), ...routes].join('\n'),
    '## Behaviours',
    [...head(['Rule', 'Reference', 'Mark', 'Shown by the test']), ...behaviours].join('\n'),
    '## Switches',
    [...head(['Switch', 'What it does', 'Settings, first the initial', 'Mark']), ...switches].join(
      '\n',
    ),
  ].join('\n\n');
}

function head(names: string[]): string[] {
  return [tableRow(names), tableRow(names.map(() => '---'))];
}

function tableRow(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function settings({ initial, choices, max }: Switch<unknown>): string {
  if (choices) return choices.join(', ');
  return typeof initial === 'boolean' ? `${initial}, ${!initial}` : `${initial}, 0 to ${max}`;
}
