import type { Result } from '#src/platform/failure.ts';
import { type ActivityLine, record } from './activity.ts';
import type { Values } from './canonical.ts';
import { canonicalOurs, type Page, type TheirRecord } from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { noteFailure, resolveFailures } from './deadLetters.ts';
import {
  type Agreement,
  addLinks,
  agreeLinks,
  findLink,
  type Link,
  linksByTheirs,
} from './links.ts';
import type { Parts, Workplace } from './parts.ts';
import type { PassOther } from './passed.ts';
import { writeContextOf } from './passed.ts';
import { plan } from './plan.ts';
import { advanceRun, type Counts, noCounts, noteSeen, type Run } from './runs.ts';
import type { OurRecord, Write } from './synced.ts';

/** What is to be done with a page, worked out in memory before anything is written. */
interface Work {
  counts: Counts;
  news: { theirs: TheirRecord; write: Write }[];
  changed: {
    link: Link;
    theirs: TheirRecord;
    write: Write | null;
    base: Values;
    version: number;
  }[];
  /** Rows that need the corridor for one record: to push, to adopt. */
  handOver: TheirRecord[];
}

/** A page whose links moved on under us is worked out anew this often, then row by row. */
const triesMax = 3;

/**
 * The corridor for one page: read up to 100 of theirs in one call, load their links and our rows in
 * one query each, plan in memory, write in a handful of statements, one transaction with the run's
 * checkpoint. A page in which nothing changed writes nothing but the checkpoint. [M6] [F3]
 * Returns  records for the single-record corridor, which the caller rings.
 */
export async function passPage(
  parts: Parts,
  place: Workplace,
  step: { run: Run; page: Page; checkpoint: Record<string, unknown>; passOther: PassOther },
): Promise<Result<TheirRecord[]>> {
  for (let attempt = 1; ; attempt++) {
    const worked = await workOut(parts, place, step);
    if (!worked.ok) return worked;
    if (attempt === triesMax) handOverAll(worked.value);
    const stored = await store(parts, place, step, worked.value);
    if (stored) return { ok: true, value: worked.value.handOver };
  }
}

async function workOut(
  parts: Parts,
  place: Workplace,
  { run, page, passOther }: { run: Run; page: Page; passOther: PassOther },
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
  const moved = rows.filter((row) => !settled(links.get(row.id), row, run.kind === 'poll'));
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
function settled(link: Link | undefined, row: TheirRecord, trustRevision: boolean): boolean {
  if (!link) return false;
  if (link.goneAt) return true;
  if (row.revision && link.theirRevision) {
    if (row.revision < link.theirRevision) return true;
    if (trustRevision && row.revision === link.theirRevision && link.base) return true;
  }
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
  const fields = place.resource.fields.map((field) => ({ ...field, name: field.ours }));
  const values = canonicalOurs(place.resource.fields, mine.values);
  const made = plan(
    { values, changedAt: mine.changedAt.toISOString() },
    { values: row.values, changedAt: row.changedAt },
    link.base as Values | null,
    fields,
  );
  if (Object.keys(made.toThem).length > 0 && place.resource.update) {
    work.handOver.push(row);
    skip(work.counts, handedOver);
    return;
  }
  const writes = Object.keys(made.toUs).length > 0;
  if (writes) work.counts.updated++;
  else work.counts.unchanged++;
  work.changed.push({
    link,
    theirs: row,
    base: made.base,
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
  const refs = new Map<string, string | null>();
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
      const ourRefs = await refsOf(parts, place, row, { refs, passOther });
      if (!ourRefs.ok) return ourRefs;
      const write = {
        ourId: parts.newId(),
        version: null,
        values: row.values,
        refs: ourRefs.value,
      };
      work.news.push({ theirs: row, write });
      work.counts.created++;
    }
  }
  return { ok: true, value: work };
}

const handedOver = 'looked at one by one';

function skip(counts: Counts, reason: string): void {
  counts.skipped[reason] = (counts.skipped[reason] ?? 0) + 1;
}

async function refsOf(
  parts: Parts,
  place: Workplace,
  row: TheirRecord,
  { refs, passOther }: { refs: Map<string, string | null>; passOther: PassOther },
): Promise<Result<Record<string, string>>> {
  const resolved: Record<string, string> = {};
  for (const [resource, theirId] of Object.entries(row.refs)) {
    const key = `${resource}:${theirId}`;
    if (!refs.has(key)) {
      const of = { connectionId: place.connection.id, resource };
      let link = await findLink(parts.db, of, { theirId });
      if (!link) {
        const brought = await passOther({ resource, theirId });
        if (!brought.ok) return brought;
        link = await findLink(parts.db, of, { theirId });
      }
      refs.set(key, link?.ourId ?? null);
    }
    const ourId = refs.get(key);
    if (ourId) resolved[resource] = ourId;
  }
  return { ok: true, value: resolved };
}

function handOverAll(work: Work): void {
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

class MovedOn extends Error {}

/** One transaction: our rows, links, history, failures, the run's counts and its checkpoint. */
async function store(
  parts: Parts,
  place: Workplace,
  step: { run: Run; page: Page; checkpoint: Record<string, unknown> },
  work: Work,
): Promise<boolean> {
  const { run, page } = step;
  const of = placeOf(place);
  const now = parts.clock.now();
  const tools = { newId: parts.newId, now };
  try {
    await parts.db.transaction(async (tx) => {
      const context = writeContextOf(place, now);
      const writes = [...work.news, ...work.changed].flatMap((row) =>
        row.write ? [row.write] : [],
      );
      const versions =
        writes.length > 0
          ? await place.synced.write!(tx, context, writes)
          : new Map<string, number>();
      if (versions.size < writes.length) throw new MovedOn();
      const added = await addLinks(
        tx,
        of,
        work.news.map((row) => newAgreement(row, versions)),
        tools,
      );
      const agreed = await agreeLinks(
        tx,
        work.changed.map((row) => oldAgreement(row, versions)),
        now,
      );
      if (added.size < work.news.length || agreed.size < work.changed.length) throw new MovedOn();
      await record(tx, linesOf(place, run, work), tools);
      for (const surprise of page.surprises) await noteSurprise(parts, tx, { of, run, surprise });
      const keys = page.records.map((row) => `their:${row.id}`);
      await resolveFailures(tx, { ...of, keys }, now);
      if (run.kind !== 'poll') {
        const theirIds = [
          ...page.records.map((row) => row.id),
          ...page.surprises.flatMap((surprise) => surprise.theirId ?? []),
        ];
        await noteSeen(tx, { id: parts.newId(), runId: run.id, theirIds });
      }
      await advanceRun(tx, run.id, {
        counts: work.counts,
        checkpoint: step.checkpoint,
        expected: page.total,
        now,
      });
      await parts.live.publish('runs', tx);
      if (writes.length > 0) await parts.live.publish('activity', tx);
    });
  } catch (error) {
    if (error instanceof MovedOn) return false;
    throw error;
  }
  const written = [...work.news, ...work.changed].flatMap((row) =>
    row.write ? [row.write.ourId] : [],
  );
  if (written.length > 0 && place.synced.topics) {
    for (const topic of await place.synced.topics(parts.db, written))
      await parts.live.publish(topic);
  }
  return true;
}

const newAgreement = (row: Work['news'][number], versions: Map<string, number>): Agreement => ({
  ourId: row.write.ourId,
  theirId: row.theirs.id,
  base: row.theirs.values,
  theirRevision: row.theirs.revision,
  agreedVersion: versions.get(row.write.ourId)!,
});

const oldAgreement = (row: Work['changed'][number], versions: Map<string, number>) => ({
  link: row.link,
  agreement: {
    ourId: row.link.ourId,
    theirId: row.theirs.id,
    base: row.base,
    theirRevision: row.theirs.revision,
    agreedVersion: row.write ? versions.get(row.write.ourId)! : row.link.agreedVersion,
  },
});

function linesOf(place: Workplace, run: Run, work: Work): ActivityLine[] {
  const shared = {
    ...placeOf(place),
    runId: run.id,
    door: run.trigger === 'schedule' ? ('poll' as const) : ('manual' as const),
    direction: 'in' as const,
    ok: true,
  };
  const created = work.news.map(({ theirs, write }) => ({
    ...shared,
    ourId: write.ourId,
    theirId: theirs.id,
    action: 'created',
  }));
  const updated = work.changed.flatMap(({ theirs, write }) =>
    write
      ? [
          {
            ...shared,
            ourId: write.ourId,
            theirId: theirs.id,
            action: 'updated',
            fields: Object.keys(write.values),
          },
        ]
      : [],
  );
  return [...created, ...updated];
}

async function noteSurprise(
  parts: Parts,
  tx: Parameters<Parameters<Parts['db']['transaction']>[0]>[0],
  {
    of,
    run,
    surprise,
  }: { of: ReturnType<typeof placeOf>; run: Run; surprise: Page['surprises'][number] },
): Promise<void> {
  await noteFailure(
    tx,
    {
      ...of,
      ourId: null,
      theirId: surprise.theirId ?? `run ${run.id}`,
      runId: run.id,
      step: 'decode',
      failure: { kind: 'surprising', path: surprise.path, detail: surprise.detail },
    },
    parts,
  );
}
