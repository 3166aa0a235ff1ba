import { and, desc, eq, isNotNull, isNull } from 'drizzle-orm';
import type { Failure } from '#src/platform/failure.ts';
import type { Values } from './canonical.ts';
import type { Connection } from './connections.ts';
import type { CallContext, ResourceConnector } from './connector.ts';
import type { Parts } from './parts.ts';
import { links } from './tables.ts';

/** Whose account a key opens, as far as records tell that KiEX has tied to the connection. */
export type Recognised =
  | { kind: 'same' }
  /** None of the records that were looked for is there. */
  | { kind: 'another'; looked: number }
  /** Nothing has been tied yet, so any account may be the one. */
  | { kind: 'nothing known' }
  | { kind: 'failed'; failure: Failure };

/** Records looked for of each kind: one that is there is enough, and a few may have been removed. */
const recordsEach = 5;
/** Of a long text no more than this counts: a new description is no other job. */
const lettersCounted = 40;

/**
 * Reads a few records by their ids with another key. Ids may repeat from account to account, so a
 * record counts as known only when most of what it says is what was last agreed on.
 *
 * call  with the key in question.
 */
export async function recogniseAccount(
  parts: Parts,
  connection: Connection,
  call: CallContext,
): Promise<Recognised> {
  const resources = parts.connectors.get(connection.provider)?.resources ?? [];
  let looked = 0;
  for (const resource of resources) {
    // Only what is read by its id alone; what hangs on another record tells nothing more.
    if (!resource.list || !resource.get) continue;
    for (const link of await agreedLately(parts, connection, resource)) {
      if (!tellsAnything(link.base as Values)) continue;
      const read = await resource.get(call, link.theirId!);
      // One record that cannot be read says nothing of the others. [F3]
      const unreadable = !read.ok && ['refused', 'surprising'].includes(read.failure.kind);
      if (!read.ok && !unreadable) return { kind: 'failed', failure: read.failure };
      looked += 1;
      if (!read.ok || read.value === 'gone') continue;
      if (saysTheSame(link.base as Values, read.value.values)) return { kind: 'same' };
    }
  }
  return looked === 0 ? { kind: 'nothing known' } : { kind: 'another', looked };
}

const agreedLately = (
  { db }: Parts,
  { id }: Connection,
  { name }: Pick<ResourceConnector, 'name'>,
) =>
  db
    .select({ theirId: links.theirId, base: links.base })
    .from(links)
    .where(
      and(
        eq(links.connectionId, id),
        eq(links.resource, name),
        isNotNull(links.theirId),
        isNotNull(links.base),
        isNull(links.goneAt),
      ),
    )
    .orderBy(desc(links.updatedAt), links.id)
    .limit(recordsEach);

/** Where nothing was agreed yet, nothing can differ. */
const tellsAnything = (base: Values) => Object.values(base).some((value) => value !== null);

/** Weighed by length: that both are open says little, that both have this title says much. */
function saysTheSame(base: Values, theirs: Values): boolean {
  let all = 0;
  let same = 0;
  for (const [field, value] of Object.entries(base)) {
    if (value === null) continue;
    const weight = Math.min(lettersCounted, JSON.stringify(value).length);
    all += weight;
    if (JSON.stringify(theirs[field]) === JSON.stringify(value)) same += weight;
  }
  return same * 2 > all;
}
