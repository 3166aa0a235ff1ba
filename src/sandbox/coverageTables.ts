import type { Switch, SwitchTable } from './switchKinds.ts';

/** What a simulator says of itself: routes in columns of its own, behaviours, switches. */
export interface Covered {
  routes: { head: string[]; rows: string[][]; note?: string };
  behaviours: readonly { section: string; rule: string; mark: string; test: string }[];
  switches: SwitchTable;
}

/** The tables of a simulator's paper, written from what the code says of itself. */
export function coverageTables({ routes, behaviours, switches }: Covered): string {
  const behaviourRows = behaviours.map(({ section, rule, mark, test }) => [
    rule,
    section,
    mark,
    test,
  ]);
  const switchRows = Object.entries(switches).map(([name, known]) => [
    `\`${name}\``,
    known.says,
    settings(known),
    known.mark,
  ]);
  return [
    '## Routes',
    ...(routes.note ? [routes.note] : []),
    tableOf(routes.head, routes.rows),
    '## Behaviours',
    tableOf(['Rule', 'Reference', 'Mark', 'Shown by the test'], behaviourRows),
    '## Switches',
    tableOf(['Switch', 'What it does', 'Settings, first the initial', 'Mark'], switchRows),
  ].join('\n\n');
}

function tableOf(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map(tableRow).join('\n');
}

function tableRow(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function settings({ initial, choices, max }: Switch<unknown>): string {
  if (choices) return choices.join(', ');
  return typeof initial === 'boolean' ? `${initial}, ${!initial}` : `${initial}, 0 to ${max}`;
}
