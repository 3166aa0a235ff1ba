import { isDeepStrictEqual } from 'node:util';
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Queryable, Tx } from '#src/platform/database.ts';
import { insertMany } from '#src/platform/manyRows.ts';
import type { NewId } from '#src/platform/random.ts';
import type { Values } from './canonical.ts';
import type { Holds } from './flow.ts';
import { links } from './tables.ts';

export type Link = typeof links.$inferSelect;

/** Which records of which connection. */
export interface Of {
  connectionId: string;
  resource: string;
}

/** The link of one record, by either side's id. */
export async function findLink(
  db: Queryable,
  of: Of,
  by: { ourId: string } | { theirId: string },
): Promise<Link | null> {
  const side = 'ourId' in by ? eq(links.ourId, by.ourId) : eq(links.theirId, by.theirId);
  const rows = await db
    .select()
    .from(links)
    .where(and(isOf(of), side));
  return rows[0] ?? null;
}

/** The links of many records by their ids, in one statement. */
export async function linksByTheirs(
  db: Queryable,
  of: Of,
  theirIds: string[],
): Promise<Map<string, Link>> {
  const rows = await linksOf(db, of, links.theirId, theirIds);
  return new Map(rows.map((row) => [row.theirId!, row]));
}

/** The links of many records by ours, in one statement. */
export async function linksByOurs(
  db: Queryable,
  of: Of,
  ourIds: string[],
): Promise<Map<string, Link>> {
  const rows = await linksOf(db, of, links.ourId, ourIds);
  return new Map(rows.map((row) => [row.ourId, row]));
}

async function linksOf(
  db: Queryable,
  of: Of,
  side: typeof links.ourId | typeof links.theirId,
  ids: string[],
): Promise<Link[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(links)
    .where(and(isOf(of), sql`${side} = any(${sql.param(ids)})`));
}

/** A link of this place. */
export const isOf = (of: Of) =>
  and(eq(links.connectionId, of.connectionId), eq(links.resource, of.resource));

/** What a link says once both sides agree. */
export interface Agreement {
  ourId: string;
  theirId: string;
  base: Values;
  held: Holds;
  theirRevision: string | null;
  agreedVersion: number;
}

/**
 * Adds links for records that had none, in one statement.
 * Returns  our ids of those that are now linked; a pair that somebody linked meanwhile is missing,
 * since the database allows one link per record of ours and one per record of theirs. [I1]
 */
export async function addLinks(
  tx: Tx,
  of: Of,
  agreements: Agreement[],
  { newId, now }: { newId: NewId; now: Date },
): Promise<Set<string>> {
  if (agreements.length === 0) return new Set();
  const rows = agreements.map((agreement) => ({
    id: newId(),
    ...of,
    ...agreement,
    createdAt: now,
    updatedAt: now,
  }));
  const added = await tx.execute<{ our_id: string }>(
    sql`${insertMany(links, rows)} on conflict do nothing returning our_id`,
  );
  return new Set(added.rows.map((row) => row.our_id));
}

/** Does the link say just this already? Then there is nothing to write. [M6] */
export const agreesWith = (
  link: Link,
  { base, held, theirRevision }: Pick<Agreement, 'base' | 'held' | 'theirRevision'>,
) =>
  isDeepStrictEqual(base, link.base) &&
  isDeepStrictEqual(held, link.held) &&
  link.sent === null &&
  link.theirRevision === theirRevision;

/**
 * Stores a new agreement on links that were read earlier, in one statement.
 * Returns  ids of the links that were stored; one that somebody wrote since is left alone, since
 * what we read is then older than what it knows.
 */
export async function agreeLinks(
  tx: Tx,
  agreements: { link: Link; agreement: Agreement }[],
  now: Date,
): Promise<Set<string>> {
  if (agreements.length === 0) return new Set();
  const rows = agreements.map(({ link, agreement }) => ({
    id: link.id,
    fence: link.fence,
    their_id: agreement.theirId,
    base: agreement.base,
    held: agreement.held,
    their_revision: agreement.theirRevision,
    agreed_version: agreement.agreedVersion,
  }));
  const result = await tx.execute<{ id: string }>(sql`
    update links set their_id = fresh.their_id, base = fresh.base, held = fresh.held,
      their_revision = fresh.their_revision, agreed_version = fresh.agreed_version,
      create_intent = null, create_sent_at = null, create_settles_at = null, gone_at = null, sent = null,
      fence = links.fence + 1, updated_at = ${now.toISOString()}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as fresh(id uuid, fence int, their_id text,
      base jsonb, held jsonb, their_revision text, agreed_version bigint)
    where links.id = fresh.id and links.fence = fresh.fence
    returning links.id`);
  return new Set(result.rows.map((row) => row.id));
}

/**
 * Ties our record to theirs right after the provider's answer, before anything else: if we stop
 * here, the next pass finds this id and creates nothing. [I2]
 * wrote    what stands there of ours, where only that is followed; null: it is not ours.
 * isOlder  an earlier try made it: what that try noted is what we wrote, whatever stands there now. [M1]
 * Returns  the link, or null when their record already belongs to another of ours.
 */
export async function rememberTheirs(
  db: Queryable,
  of: Of & { ourId: string; theirId: string; wrote?: Values | null; isOlder?: boolean },
  { newId, now }: { newId: NewId; now: Date },
): Promise<Link | null> {
  const wrote = Object.entries(of.wrote ?? {}).map(([field, value]) => [field, [value]]);
  const sent = wrote.length > 0 ? JSON.stringify(Object.fromEntries(wrote)) : null;
  const rows = await db.execute<{ id: string }>(sql`
    insert into links (id, connection_id, resource, our_id, their_id, sent, created_at, updated_at)
    select ${newId()}::uuid, ${of.connectionId}::uuid, ${of.resource}, ${of.ourId}, ${of.theirId},
      ${sent}::jsonb, ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz
    where not exists (select from links where connection_id = ${of.connectionId}
      and resource = ${of.resource} and their_id = ${of.theirId} and our_id <> ${of.ourId})
    on conflict (connection_id, resource, our_id) do update
      set their_id = excluded.their_id, gone_at = null, fence = links.fence + 1,
        updated_at = excluded.updated_at,
        -- What was agreed with the record before says nothing about this one.
        base = case when links.their_id = excluded.their_id then links.base end,
        held = case when links.their_id = excluded.their_id then links.held else '{}'::jsonb end,
        sent = coalesce(
          case when ${of.isOlder ?? false} and links.create_sent_at is not null then links.sent end,
          excluded.sent,
          case when links.their_id = excluded.their_id then links.sent end),
        their_revision = case when links.their_id = excluded.their_id then links.their_revision end
    returning id`);
  return rows.rows.length === 0 ? null : findLink(db, of, { ourId: of.ourId });
}

/** A read by id answered "gone". [A1] */
export async function markGone(tx: Tx, linkIds: string[], now: Date): Promise<void> {
  if (linkIds.length === 0) return;
  await tx
    .update(links)
    .set({ goneAt: now, verifyAt: null, held: {}, fence: sql`${links.fence} + 1`, updatedAt: now })
    .where(inArray(links.id, linkIds));
}

/**
 * Our record is to be sent once more as a new one: what was gone there is not it any more.
 * Returns  false when its link, if any, was not gone.
 */
export async function forgetGone(
  tx: Tx,
  { resource, ourId }: { resource: string; ourId: string },
): Promise<boolean> {
  const forgotten = await tx
    .update(links)
    .set({
      ...{ theirId: null, base: null, held: {}, theirRevision: null, agreedVersion: 0 },
      ...{ createIntent: null, createSentAt: null, createSettlesAt: null, goneAt: null },
      fence: sql`${links.fence} + 1`,
    })
    .where(and(eq(links.resource, resource), eq(links.ourId, ourId), isNotNull(links.goneAt)))
    .returning({ id: links.id });
  return forgotten.length > 0;
}

/** When to look (again) whether what was sent has arrived; null: no more. */
export async function setVerify(
  db: Queryable,
  linkId: string,
  verify: { at: Date | null; attempts: number },
): Promise<void> {
  await db
    .update(links)
    .set({ verifyAt: verify.at, verifyAttempts: verify.attempts })
    .where(eq(links.id, linkId));
}

/**
 * Their ids of linked records that a full read did not show, in the order of their ids, for a read
 * by id of each. [A1]
 *
 * after  where the walk over them goes on; null: from the start.
 */
export async function unseenTheirIds(
  db: Queryable,
  of: Of,
  { runId, after, limit }: { runId: string; after: string | null; limit: number },
): Promise<string[]> {
  const result = await db.execute<{ their_id: string }>(sql`
    select their_id from links
    where connection_id = ${of.connectionId} and resource = ${of.resource}
      and their_id is not null and gone_at is null and their_id > ${after ?? ''}
      and their_id not in (select unnest(their_ids) from run_seen where run_id = ${runId})
    order by their_id limit ${limit}`);
  return result.rows.map((row) => row.their_id);
}

/** How many records are tied to one of theirs that was never found gone. */
export async function countLinked(db: Queryable, of: Of): Promise<number> {
  const result = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from links
    where connection_id = ${of.connectionId} and resource = ${of.resource}
      and their_id is not null and gone_at is null`);
  return result.rows[0]!.count;
}
