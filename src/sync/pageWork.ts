import type { Failure, Result } from '#src/platform/failure.ts';
import type { Values } from './canonical.ts';
import { canonicalOurs, type Page, type TheirRecord } from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { agreesWith, findLink, type Link, linksByTheirs } from './links.ts';
import { fieldsOf, planFor, takenValues } from './mapping.ts';
import type { Parts, Workplace } from './parts.ts';
import { type PassOther, writeContextOf } from './passed.ts';
import type { Plan } from './plan.ts';
import { type Counts, noCounts } from './runs.ts';
import type { OurRecord, Write } from './synced.ts';

/** What is to be done with a page, worked out in memory before anything is written. */
export interface Work {
  counts: Counts;
  news: { theirs: TheirRecord; write: Write }[];
  changed: {
    link: Link;
    theirs: TheirRecord;
    write: Write | null;
    /** Our values as they were read. */
    before: Values;
    made: Plan;
    version: number;
  }[];
  /** Rows that need the corridor for one record: to push, to adopt. */
  handOver: TheirRecord[];
}

/** Loads what we know of a page's records in one query each, and plans in memory. Writes nothing. */
export async function workOut(
  parts: Parts,
  place: Workplace,
  { page, passOther }: { page: Page; passOther: PassOther },
): Promise<Result<Work>> {
  const of = placeOf(place);
  const rows = [...new Map(page.records.map((row) => [row.id, row])).values()];
  const links = await linksByTheirs(
    parts.db,
    of,
    rows.map((row) => row.id),
  );
  const work: Work = { counts: noCounts(), news: [], changed: [], handOver: [] };
  work.counts.seen = page.records.length + page.surprises.length;
  work.counts.failed = page.surprises.length;
  work.counts.unchanged = page.records.length - rows.length;
  const moved = rows.filter((row) => !settled(links.get(row.id), row));
  work.counts.unchanged += rows.length - moved.length;
  const old = moved.filter((row) => links.has(row.id));
  const ours = await place.synced.read(
    parts.db,
    of,
    old.map((row) => links.get(row.id)!.ourId),
  );
  for (const row of old) planOld(place, work, { row, link: links.get(row.id)!, ours });
  const strangers = moved.filter((row) => !links.has(row.id));
  return admit(parts, place, work, { strangers, passOther });
}

/** Nothing of theirs moved since the agreement, or this read is older than what we know. */
function settled(link: Link | undefined, row: TheirRecord): boolean {
  if (!link) return false;
  if (link.goneAt) return true;
  if (row.revision && link.theirRevision && row.revision < link.theirRevision) return true;
  // An equal revision proves nothing: where times have whole seconds, two edits can share one. [M1]
  return (
    link.base !== null && sameValues(link.base, row.values) && row.revision === link.theirRevision
  );
}

const sameValues = (base: Record<string, unknown>, values: Values) =>
  Object.keys(values).every((name) => (base[name] ?? null) === (values[name] ?? null));

function planOld(
  place: Workplace,
  work: Work,
  { row, link, ours }: { row: TheirRecord; link: Link; ours: Map<string, OurRecord> },
): void {
  const mine = ours.get(link.ourId);
  if (!mine) {
    skip(work.counts, 'not here any more');
    return;
  }
  const made = planFor(place, { ours: mine, theirs: row, link });
  if (Object.keys(made.toThem).length > 0) {
    work.handOver.push(row);
    skip(work.counts, handedOver);
    return;
  }
  const writes = Object.keys(made.toUs).length > 0;
  if (writes) work.counts.updated++;
  else work.counts.unchanged++;
  // An open conflict is looked at on every page and writes nothing. [M6]
  if (!writes && agreesWith(link, { ...made, theirRevision: row.revision })) return;
  work.changed.push({
    link,
    theirs: row,
    before: canonicalOurs(fieldsOf(place), mine.values),
    made,
    version: mine.version,
    write: writes ? { ourId: mine.id, version: mine.version, values: made.toUs, refs: {} } : null,
  });
}

/** Records we do not have yet: adopted, kept outside with the reason, or prepared as new. */
async function admit(
  parts: Parts,
  place: Workplace,
  work: Work,
  { strangers, passOther }: { strangers: TheirRecord[]; passOther: PassOther },
): Promise<Result<Work>> {
  const named = strangers.flatMap((row) => (row.ourId ? [row.ourId] : []));
  const known = await place.synced.read(parts.db, placeOf(place), named);
  const welcome = strangers.filter((row) => !row.keepOut);
  const refs = await knownRefs(parts, place, welcome);
  const unreadable = new Map<string, Failure>();
  for (const row of strangers) {
    if (row.ourId && known.has(row.ourId)) {
      work.handOver.push(row);
      skip(work.counts, handedOver);
    } else if (row.keepOut) skip(work.counts, row.keepOut);
    else if (!place.synced.write) skip(work.counts, 'not brought in');
    else if (
      await place.synced.match?.(parts.db, writeContextOf(place, parts.clock.now()), row.values)
    ) {
      // One of ours stands for it already: joined with the record's lock held.
      work.handOver.push(row);
      skip(work.counts, handedOver);
    } else {
      const ourRefs = await refsOf(parts, place, row, { refs, passOther, unreadable });
      if (!ourRefs.ok) {
        if (stopsPage(ourRefs.failure) || unreadable.size > unreadableMax) return ourRefs;
        // What it refers to cannot be read: its own corridor keeps trying, and the page goes on. [F3]
        work.handOver.push(row);
        skip(work.counts, handedOver);
        continue;
      }
      const write = {
        ourId: parts.newId(),
        version: null,
        values: takenValues(place, row.values),
        refs: ourRefs.value,
      };
      work.news.push({ theirs: row, write });
      work.counts.created++;
    }
  }
  return { ok: true, value: work };
}

const handedOver = 'looked at one by one';

/** More than this on one page, and it is the provider that cannot be read, not a few records. */
const unreadableMax = 3;

const stopsPage = ({ kind }: Failure) => kind === 'throttled' || kind === 'unauthorised';

function skip(counts: Counts, reason: string): void {
  counts.skipped[reason] = (counts.skipped[reason] ?? 0) + 1;
}

/** Their ids of other records -> ours, per resource. Null: they have it, and it is not brought in. */
type Refs = Map<string, Map<string, string | null>>;

/** What the new rows refer to, in one query per resource. */
async function knownRefs(parts: Parts, place: Workplace, rows: TheirRecord[]): Promise<Refs> {
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
async function refsOf(
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

/** Leaves every record of the page to the single-record corridor. */
export function handOverAll(work: Work): void {
  const rows = [...work.news, ...work.changed];
  work.counts.created -= work.news.length;
  work.counts.updated -= work.changed.filter((row) => row.write).length;
  work.counts.unchanged -= work.changed.filter((row) => !row.write).length;
  for (const { theirs } of rows) {
    work.handOver.push(theirs);
    skip(work.counts, handedOver);
  }
  work.news = [];
  work.changed = [];
}
