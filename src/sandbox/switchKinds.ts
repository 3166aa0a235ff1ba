/** One behaviour of a simulator that can be set otherwise. */
export interface Switch<Value, Mark extends string = string> {
  initial: Value;
  /** The confidence mark of the initial setting. */
  mark: Mark;
  says: string;
  choices?: readonly string[];
  max?: number;
}

export const toggle = <Mark extends string>(
  initial: boolean,
  mark: Mark,
  says: string,
): Switch<boolean, Mark> => ({ initial, mark, says });

export const amount = <Mark extends string>(
  initial: number,
  max: number,
  mark: Mark,
  says: string,
): Switch<number, Mark> => ({ initial, mark, says, max });

/** The first choice is the initial one. */
export const choice = <const Choice extends string, Mark extends string>(
  choices: readonly [Choice, ...Choice[]],
  mark: Mark,
  says: string,
): Switch<Choice, Mark> => ({ initial: choices[0], mark, says, choices });

export type SwitchTable = Readonly<Record<string, Switch<unknown>>>;
export type SettingsOf<Table extends SwitchTable> = {
  [Name in keyof Table]: Table[Name] extends Switch<infer Value> ? Value : never;
};

export function initialSettings<Table extends SwitchTable>(table: Table): SettingsOf<Table> {
  const entries = Object.entries(table).map(([name, { initial }]) => [name, initial]);
  return Object.fromEntries(entries) as SettingsOf<Table>;
}

/**
 * Reads settings from outside: a form, a script, the journal of an older version.
 *
 * Returns  the settings that fit, and a sentence for each that does not.
 */
export function readSettings<Table extends SwitchTable>(
  table: Table,
  given: Record<string, unknown>,
): { switches: Partial<SettingsOf<Table>>; problems: Record<string, string> } {
  const switches: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const problem = problemOf(table, name, value);
    if (problem) problems[name] = problem;
    else switches[name] = value;
  }
  return { switches: switches as Partial<SettingsOf<Table>>, problems };
}

function problemOf(table: SwitchTable, name: string, value: unknown): string | null {
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!known) return 'There is no such switch.';
  if (known.choices) {
    return known.choices.includes(String(value))
      ? null
      : `Use one of: ${known.choices.join(', ')}.`;
  }
  if (typeof known.initial === 'boolean') {
    return typeof value === 'boolean' ? null : 'Use true or false.';
  }
  const max = known.max ?? Number.MAX_SAFE_INTEGER;
  const fits = typeof value === 'number' && value >= 0 && value <= max;
  return fits ? null : `Use a number from 0 to ${max}.`;
}
