import type { Tx } from '#src/platform/database.ts';
import type { Failure, Result } from '#src/platform/failure.ts';
import { connectionById, isWorking } from './connections.ts';
import {
  type Cursor,
  canonicalOurs,
  type Page,
  surprising,
  type TheirRecord,
} from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { hasIntent, type Intended } from './intended.ts';
import { linksByOurs, linksByTheirs, unseenTheirIds } from './links.ts';
import { fieldsOf } from './mapping.ts';
import type { Parts, RecordTask, Workplace } from './parts.ts';
import type { PassOther } from './passed.ts';
import { callsFor, keepIntents } from './previewRows.ts';
import { passRecord } from './recordPass.ts';
import {
  advanceRun,
  type Counts,
  countSeen,
  finishRun,
  forgetSeen,
  noCounts,
  noteSeen,
  type Run,
} from './runs.ts';

/** Where a preview stands; kept with every page. */
interface Standing {
  phase: 'pages' | 'absent' | 'ours';
  cursor: Cursor | null;
  /** How often the whole list was read, since rows move between pages. */
  sweep: number;
  total: number | null;
}

interface Walk {
  parts: Parts;
  place: Workplace;
  run: Run;
  at: Standing;
}

type Stop = Failure | 'held';

const sweepsMax = 3;
/** No list is longer than this many pages; a cursor that never ends is a fault, not work. */
const pagesMax = 10_000;
const absentMax = 10_000;
/** Records of ours that wait to be sent; each is looked at by itself. */
const dueMax = 1_000;

/**
 * A run that only looks: reads what a full read reads, leads every record into the corridor, and
 * there says no to everything, noting what it was asked. It writes its own rows and nothing else:
 * no link, no record, no checkpoint of the resource, no call that writes.
 * Returns  why it does not go on now; null when it has ended.
 */
export async function executePreview(
  parts: Parts,
  workplace: Workplace,
  run: Run,
): Promise<Stop | null> {
  const place = await asTried(workplace, run);
  if (!place.ok) return place.failure;
  const start: Standing = { phase: 'pages', cursor: null, sweep: 1, total: null };
  const at = (run.checkpoint as Standing | null) ?? start;
  const walk: Walk = { parts, place: place.value, run, at };
  for (let pages = 0; at.phase === 'pages'; pages++) {
    if (pages >= pagesMax) return surprising('next', `more than ${pagesMax} pages`);
    const stop = await lookAtPage(walk);
    if (stop) return stop;
  }
  const stop = at.phase === 'absent' ? await lookAtAbsent(walk) : null;
  if (stop) return stop;
  const unsent = await lookAtOurs(walk);
  if (unsent) return unsent;
  await forgetSeen(parts.db, run.id);
  await finishRun(parts.db, run.id, { reason: null, now: parts.clock.now() });
  return null;
}

/** The place with the settings that are tried, and what decoding needs, read and not saved. */
async function asTried(place: Workplace, run: Run): Promise<Result<Workplace>> {
  const { connector, connection, call } = place;
  const fresh = connector.refreshSettings ? await connector.refreshSettings(call) : null;
  if (fresh && !fresh.ok) return fresh;
  const settings = { ...connection.settings, ...fresh?.value, ...run.settings };
  const tried: Workplace = {
    ...place,
    connection: { ...connection, settings },
    call: { ...call, account: { ...call.account, settings } },
  };
  return { ok: true, value: tried };
}

async function lookAtPage(walk: Walk): Promise<Stop | null> {
  const { parts, place, at } = walk;
  const connection = await connectionById(parts.db, place.connection.id);
  if (!connection || !isWorking(connection)) return 'held';
  // Another sweep reads with another page size, so that rows fall into other pages.
  const read = await place.resource.list!(place.call, at.cursor ?? { sweep: at.sweep });
  if (!read.ok) return read.failure;
  const page = read.value;
  const rows = [...new Map(page.records.map((row) => [row.id, row])).values()];
  const looked = await lookAtRows(walk, rows);
  if (!looked.ok) return looked.failure;
  const { counts } = looked.value;
  counts.seen += page.surprises.length;
  counts.failed += page.surprises.length;
  at.cursor = page.next;
  at.total = page.total ?? at.total;
  await keep(walk, { ...looked.value, theirIds: shownIn(page), endsSweep: !page.next });
  return null;
}

const shownIn = ({ records, surprises }: Page) => [
  ...records.map(({ id }) => id),
  ...surprises.flatMap(({ theirId }) => theirId ?? []),
];

/** Order between pages is not stable: fewer different rows than counted means that some slipped by. */
async function endSweep(tx: Tx, run: Run, at: Standing): Promise<void> {
  const slipped = at.total !== null && (await countSeen(tx, run.id)) < at.total;
  if (slipped && at.sweep < sweepsMax) at.sweep++;
  else at.phase = 'absent';
}

interface Looked {
  counts: Counts;
  intents: { intended: Intended; calls: number }[];
}

async function lookAtRows(walk: Walk, rows: TheirRecord[]): Promise<Result<Looked>> {
  const looked: Looked = { counts: noCounts(), intents: [] };
  const agreed = await inAgreement(walk, rows);
  for (const row of rows) {
    if (agreed.has(row.id)) count(looked, null);
    else {
      const stop = await lookAtRecord(walk, looked, { theirId: row.id }, row);
      if (stop) return { ok: false, failure: stop };
    }
  }
  return { ok: true, value: looked };
}

/** Of a page, the records of which all three values agree: no policy has anything to say to them. */
async function inAgreement(walk: Walk, rows: TheirRecord[]): Promise<Set<string>> {
  const { parts, place } = walk;
  const of = placeOf(place);
  const ids = rows.map(({ id }) => id);
  const links = await linksByTheirs(parts.db, of, ids);
  const ourIds = [...links.values()].map(({ ourId }) => ourId);
  const ours = await place.synced.read(parts.db, of, ourIds);
  const fields = fieldsOf(place);
  const agrees = ({ id, values }: TheirRecord) => {
    const link = links.get(id);
    const mine = link && ours.get(link.ourId);
    if (!mine || link.goneAt) return false;
    const own = canonicalOurs(fields, mine.values);
    return fields.every(({ name }) => {
      const theirs = values[name] ?? null;
      return own[name] === theirs && (link.base?.[name] ?? null) === theirs;
    });
  };
  return new Set(rows.filter(agrees).map(({ id }) => id));
}

/** What they need is looked at by a preview of its own kind; here nothing goes before. */
const nothingElse: PassOther = async () => ({ ok: true, value: null });

/** Leads one record into the corridor, which asks before it writes. Returns a failure that stops. */
async function lookAtRecord(
  { parts, place, run }: Walk,
  looked: Looked,
  by: { theirId: string } | { ourId: string },
  given?: TheirRecord,
): Promise<Failure | null> {
  let noted: Intended | null = null;
  const consent = (intended: Intended) => {
    noted = intended;
    return false;
  };
  const task: RecordTask = { ...placeOf(place), ...by, door: 'manual', runId: run.id };
  const passed = await passRecord(parts, { ...place, consent }, task, nothingElse, given);
  if (passed.kind === 'failed') {
    const { failure } = passed;
    if (failure.kind === 'throttled' || failure.kind === 'unauthorised') return failure;
    looked.counts.seen++;
    looked.counts.failed++;
  } else if (noted) count(looked, noted, place);
  else {
    const reason = passed.kind === 'skipped' ? passed.reason : 'looked at later';
    looked.counts.seen++;
    looked.counts.skipped[reason] = (looked.counts.skipped[reason] ?? 0) + 1;
  }
  return null;
}

function count(looked: Looked, intended: Intended | null, place?: Workplace): void {
  const { counts, intents } = looked;
  counts.seen++;
  if (!intended || !place || !hasIntent(intended)) {
    counts.unchanged++;
    return;
  }
  if (intended.here === 'create' || intended.there === 'create') counts.created++;
  else counts.updated++;
  intents.push({ intended, calls: callsFor(intended, place.resource) });
}

/** Records of ours that a full read did not show are read by id: a list proves nothing. [A1] */
async function lookAtAbsent(walk: Walk): Promise<Stop | null> {
  const { parts, place, run, at } = walk;
  // A first full read closes nothing, and without a read by id nothing is known.
  if (run.kind === 'full' && place.resource.get) {
    const of = placeOf(place);
    const missing = await unseenTheirIds(parts.db, of, { runId: run.id, limit: absentMax });
    for (const theirId of missing) {
      const looked: Looked = { counts: noCounts(), intents: [] };
      const stop = await lookAtRecord(walk, looked, { theirId });
      if (stop) return stop;
      await keep(walk, { ...looked, theirIds: [theirId] });
    }
  }
  at.phase = 'ours';
  return null;
}

/** Ours that wait to be sent and are not there yet. What is there was seen with theirs. */
async function lookAtOurs(walk: Walk): Promise<Stop | null> {
  const { parts, place } = walk;
  const of = placeOf(place);
  const due = (await place.synced.due?.(parts.db, of.connectionId, dueMax)) ?? [];
  const links = await linksByOurs(parts.db, of, due);
  for (const ourId of due.filter((id) => !links.get(id)?.theirId || links.get(id)!.goneAt)) {
    const looked: Looked = { counts: noCounts(), intents: [] };
    const stop = await lookAtRecord(walk, looked, { ourId });
    if (stop) return stop;
    await keep(walk, { ...looked, theirIds: [] });
  }
  return null;
}

/** One transaction: what was noted, and where the preview stands. */
async function keep(
  { parts, run, at }: Walk,
  { counts, intents, theirIds, endsSweep }: Looked & { theirIds: string[]; endsSweep?: boolean },
): Promise<void> {
  const now = parts.clock.now();
  await parts.db.transaction(async (tx) => {
    await keepIntents(tx, run.id, intents, parts.newId);
    await noteSeen(tx, { id: parts.newId(), runId: run.id, theirIds });
    if (endsSweep) await endSweep(tx, run, at);
    await advanceRun(tx, run.id, { counts, checkpoint: { ...at }, expected: at.total, now });
    await parts.live.publish('runs', tx);
  });
}
