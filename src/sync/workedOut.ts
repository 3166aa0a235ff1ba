import type { Tx } from '#src/platform/database.ts';
import type { Value } from './canonical.ts';
import { placeOf } from './createTheirs.ts';
import type { Workplace } from './parts.ts';
import type { Change } from './remember.ts';

type Told = Readonly<Record<string, unknown>>;

/**
 * What was written here, with what followed from it: a field that does not travel is remembered with
 * its values beside those that do. Reads nothing where nothing follows.
 *
 * before  our id -> our values as they were read.
 */
export async function withWorkedOut(
  tx: Tx,
  place: Pick<Workplace, 'connection' | 'resource' | 'synced'>,
  changes: Change[],
  before: ReadonlyMap<string, Told>,
): Promise<Change[]> {
  const names = place.synced.worksOut ?? [];
  const written = changes.filter(isWrite);
  if (names.length === 0 || written.length === 0) return changes;
  const ids = written.map(({ ourId }) => ourId);
  const now = await place.synced.read(tx, placeOf(place), ids);
  return changes.map((change) => {
    const after = now.get(change.ourId)?.values;
    if (!isWrite(change) || !after) return change;
    const followed = names.flatMap((name) => {
      const pair = {
        before: standing(before.get(change.ourId), name),
        after: standing(after, name),
      };
      return pair.before === pair.after ? [] : [[name, { ...pair, rule: 'worked out' }]];
    });
    return { ...change, fields: { ...change.fields, ...Object.fromEntries(followed) } };
  });
}

const isWrite = ({ direction, action }: Change) => direction === 'in' && action === 'updated';

const standing = (values: Told | undefined, name: string) => (values?.[name] ?? null) as Value;
