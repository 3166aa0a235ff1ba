import type { Random } from '#src/platform/random.ts';
import type { Value } from '#src/sync/canonical.ts';
import { mappingTables, stageOf } from '../stage.ts';
import type { SimulatedAccount, SimulatedWorld } from '../world.ts';

/** One of them by chance; null when there is none. */
export const anyOf = <T>(random: Random, all: readonly T[]): T | null =>
  all.length === 0 ? null : all[random.integer(all.length)]!;

/** So few that people meet at them. */
const hotMax = 3;

/** One of them, mostly of the few that everybody is busy with: actors are to get in each other's way. */
export function hot<T>(random: Random, all: readonly T[]): T | null {
  const few = random.integer(5) > 0 ? all.slice(-hotMax) : all;
  return anyOf(random, few);
}

export const anAccount = (world: SimulatedWorld): SimulatedAccount =>
  anyOf(world.random, world.accounts)!;

/** Writes down what somebody at the provider wrote into a field, under our name for it. */
export function noteTheirEdit(
  world: SimulatedWorld,
  account: SimulatedAccount,
  edit: { resource: string; id: number | string; theirs: string; raw: unknown },
): void {
  const fields = mappingTables(account.way).find(({ name }) => name === edit.resource)?.fields;
  const field = fields?.find(({ theirs }) => theirs === edit.theirs);
  // A page does not say everything.
  if (!field && account.way === 'page') return;
  const read = field?.canonical(edit.raw);
  if (!field || !read || 'problem' in read) throw new Error(`${edit.theirs} cannot be noted`);
  noteTheirValue(world, account, { ...edit, field: field.ours, value: read.value });
}

/** The same for a field that is worked out. */
export function noteTheirValue(
  world: SimulatedWorld,
  account: SimulatedAccount,
  {
    resource,
    id,
    field,
    value,
  }: { resource: string; id: number | string; field: string; value: Value },
): void {
  const { ledger } = stageOf(world);
  const before = account.connectionId;
  // Nobody connected it yet: whatever stands there then is where everything begins.
  if (before === null) return;
  ledger.edit({ side: 'theirs', connectionId: before, resource, id: String(id), field, value });
}
