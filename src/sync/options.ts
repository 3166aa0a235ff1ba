import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { record } from './activity.ts';
import { patchSettings } from './connections.ts';
import type { Parts } from './parts.ts';
import { requestRun } from './runs.ts';
import { connections } from './tables.ts';

/** A choice of a connection that no field settles, such as whether KiEX may publish there. */
export interface Option {
  name: string;
  label: string;
  /** One or two sentences: what each choice means. */
  help: string;
  choices: readonly { value: string; label: string }[];
  /** The value where nobody chose: the careful one. */
  default: string;
  /** Resources whose records may stand otherwise once it is chosen otherwise: they are read in full. */
  rereads?: readonly string[];
}

const chosenOptions = z.record(z.string(), z.string()).catch({});

/** What was chosen for a connection, or the default where nothing was or it exists no longer. */
export function optionOf(settings: Readonly<Record<string, unknown>>, option: Option): string {
  const chosen = chosenOptions.parse(settings.options ?? {})[option.name];
  return option.choices.find(({ value }) => value === chosen)?.value ?? option.default;
}

export type OptionAnswer =
  | { ok: true; changed: string[] }
  /** Option -> what is wrong with what was chosen. */
  | { ok: false; errors: Record<string, string> };

/**
 * Stores what was chosen for a connection; options that are not named stay as they are. It holds from
 * now on, and what it may bring in or alter is read in full once.
 */
export async function chooseOptions(
  parts: Parts,
  {
    connectionId,
    chosen,
    by,
  }: { connectionId: string; chosen: Record<string, string>; by: string },
): Promise<OptionAnswer> {
  const now = parts.clock.now();
  const answer = await parts.db.transaction(async (tx): Promise<OptionAnswer> => {
    const of = eq(connections.id, connectionId);
    const [connection] = await tx.select().from(connections).where(of).for('update');
    const connector = parts.connectors.get(connection?.provider ?? '');
    if (!connection || !connector) throw new Error(`no connection ${connectionId}`);
    const decided = decide(connector.options ?? [], connection.settings, chosen);
    if (!decided.ok || decided.changed.length === 0) {
      return decided.ok ? { ok: true, changed: [] } : decided;
    }
    const { changed, options } = decided;
    await patchSettings(tx, connectionId, { patch: { options }, now });
    const words = changed.map(({ name }) => `${name}: ${options[name]}`).join('; ');
    const about = { connectionId, door: 'staff', direction: 'none', ok: true } as const;
    const line = { ...about, action: 'options changed', detail: `by ${by}: ${words}` };
    await record(tx, [line], { newId: parts.newId, now });
    for (const resource of new Set(changed.flatMap(({ rereads }) => rereads ?? []))) {
      const ask = { connectionId, resource, kind: 'full', trigger: 'manual' } as const;
      await requestRun(tx, { ...ask, requestedBy: by }, { newId: parts.newId, now });
    }
    return { ok: true, changed: changed.map(({ name }) => name) };
  });
  for (const topic of ['connections', 'activity', 'runs']) await parts.live.publish(topic);
  return answer;
}

type Decided =
  | { ok: true; changed: Option[]; options: Record<string, string> }
  | { ok: false; errors: Record<string, string> };

function decide(
  options: readonly Option[],
  settings: Readonly<Record<string, unknown>>,
  chosen: Record<string, string>,
): Decided {
  const errors: Record<string, string> = {};
  for (const [name, value] of Object.entries(chosen)) {
    const option = options.find((one) => one.name === name);
    const words = option ? 'There is no such choice.' : 'There is no such option.';
    if (!option?.choices.some((choice) => choice.value === value)) errors[name] = words;
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const changed = options.filter(
    (option) => option.name in chosen && chosen[option.name] !== optionOf(settings, option),
  );
  const before = chosenOptions.parse(settings.options ?? {});
  return { ok: true, changed, options: { ...before, ...chosen } };
}
