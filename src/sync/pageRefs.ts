import type { Failure, Result } from '#src/platform/failure.ts';
import type { TheirRecord } from './connector.ts';
import { findLink, linksByTheirs } from './links.ts';
import type { Parts, Workplace } from './parts.ts';
import type { PassOther } from './passed.ts';

/** Their ids of other records -> ours, per resource. Null: they have it, and it is not brought in. */
export type Refs = Map<string, Map<string, string | null>>;

/** What the new rows refer to, in one query per resource. */
export async function knownRefs(
  parts: Parts,
  place: Workplace,
  rows: TheirRecord[],
): Promise<Refs> {
  const named = new Map<string, Set<string>>();
  for (const [resource, theirId] of rows.flatMap((row) => Object.entries(row.refs))) {
    named.set(resource, (named.get(resource) ?? new Set()).add(theirId));
  }
  const refs: Refs = new Map();
  for (const [resource, theirIds] of named) {
    const of = { connectionId: place.connection.id, resource };
    const links = await linksByTheirs(parts.db, of, [...theirIds]);
    refs.set(resource, new Map([...links].map(([theirId, { ourId }]) => [theirId, ourId])));
  }
  return refs;
}

/** Our ids of what a row refers to; what is not here yet is brought in first. */
export async function refsOf(
  parts: Parts,
  place: Workplace,
  row: TheirRecord,
  {
    refs,
    passOther,
    unreadable,
  }: { refs: Refs; passOther: PassOther; unreadable: Map<string, Failure> },
): Promise<Result<Record<string, string>>> {
  const resolved: Record<string, string> = {};
  for (const [resource, theirId] of Object.entries(row.refs)) {
    const known = refs.get(resource)!;
    if (!known.has(theirId)) {
      // Asked for once a page, however many rows refer to it.
      const earlier = unreadable.get(`${resource}:${theirId}`);
      if (earlier) return { ok: false, failure: earlier };
      const brought = await passOther({ resource, theirId });
      if (!brought.ok) {
        unreadable.set(`${resource}:${theirId}`, brought.failure);
        return brought;
      }
      const of = { connectionId: place.connection.id, resource };
      const link = await findLink(parts.db, of, { theirId });
      known.set(theirId, link?.ourId ?? null);
    }
    const ourId = known.get(theirId);
    if (ourId) resolved[resource] = ourId;
  }
  return { ok: true, value: resolved };
}
