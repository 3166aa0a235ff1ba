import type { Failure, Result } from '#src/platform/failure.ts';
import { connectionById, isAtHand } from './connections.ts';
import { type Page, surprising, type TheirRecord } from './connector.ts';
import { type Counts, countEnd, type End, noCounts } from './counts.ts';
import { placeOf } from './createTheirs.ts';
import { canonicalOurs, spread } from './fields.ts';
import { hasIntent, type Intended } from './intended.ts';
import { linksByOurs, linksByTheirs, unseenTheirIds } from './links.ts';
import { fieldsOf } from './mapping.ts';
import { dueOf } from './outbox.ts';
import { partialOf } from './outcome.ts';
import type { Parts, RecordTask, Workplace } from './parts.ts';
import type { PassOther } from './passed.ts';
import { callsFor, keepIntents } from './previewRows.ts';
import { doubtAbout, listedAll, readPage, standingAfter } from './readList.ts';
import { passRecord } from './recordPass.ts';
import { forgetSeen, noteSeen, shownBefore } from './runSeen.ts';
import { advanceRun, finishRun, type Run } from './runs.ts';
import { type Standing, startOfRun, type Walk } from './standing.ts';
import type { Stop } from './stops.ts';

/** No list is longer than this many pages; a cursor that never ends is a fault, not work. */
const pagesMax = 10_000;
/** Records that the list did not show, looked at between two looks at where the run stands. */
const absentAtOnce = 50;
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
  const at: Standing = { ...startOfRun, ...(run.checkpoint as Standing | null) };
  const walk: Walk = { parts, place: place.value, run, at, answers: new Map() };
  for (let steps = 0; at.phase !== 'closings'; steps++) {
    if (steps >= pagesMax) return surprising('next', `more than ${pagesMax} pages`);
    const stop = await nextLook(walk);
    if (stop) return stop;
  }
  const stop = await lookAtOurs(walk);
  if (stop) return stop;
  const doubt = at.doubt ?? partialOf({ shown: at.shown ?? 0, expected: at.total });
  await forgetSeen(parts.db, run.id);
  await finishRun(parts.db, run.id, { doubt, now: parts.clock.now() });
  return null;
}

async function nextLook(walk: Walk): Promise<Stop | null> {
  const { at } = walk;
  if (walk.place.call.signal?.aborted) return 'broken off';
  if (at.phase === 'pages') return lookAtPage(walk);
  if (at.phase === 'absent') return lookAtAbsent(walk);
  const shown = await listedAll(walk);
  if (shown === null) return null;
  at.shown = shown;
  at.doubt = await doubtAbout(walk);
  // A first full read closes nothing, and a list that is not believed says nothing by its gaps. [A1]
  const concludes = walk.run.kind === 'full' && !at.doubt && walk.place.resource.get;
  at.phase = concludes ? 'absent' : 'closings';
  return null;
}

/** The place with the settings that are tried, and what decoding needs, read and not saved. */
async function asTried(place: Workplace, run: Run): Promise<Result<Workplace>> {
  const { connector, connection, call } = place;
  const fresh = connector.refreshSettings ? await connector.refreshSettings(call) : null;
  if (fresh && !fresh.ok) return fresh;
  const read = fresh?.value(connection.settings);
  const settings = { ...connection.settings, ...read, ...run.settings };
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
  if (!connection || !isAtHand(connection)) return 'held';
  const { read } = await readPage(walk, at);
  if (!read.ok) return read.failure;
  const page = read.value;
  const looked = await lookAtRows(walk, page);
  if (!looked.ok) return looked.failure;
  await keep(walk, looked.value, { theirIds: shownIn(page), next: standingAfter(at, page) });
  return null;
}

const shownIn = ({ records, surprises }: Page) => [
  ...records.map(({ id }) => id),
  ...surprises.flatMap(({ theirId }) => theirId ?? []),
];

/** What was found in one step: what would be done, and how much of what was seen. */
interface Looked {
  counts: Counts;
  intents: { intended: Intended; calls: number }[];
}

const noLook = (): Looked => ({ counts: noCounts(), intents: [] });

async function lookAtRows(walk: Walk, page: Page): Promise<Result<Looked>> {
  const looked = noLook();
  // A list whose rows move shows some of them twice; records are counted, not rows.
  const before = await shownBefore(walk.parts.db, walk.run.id, shownIn(page));
  const all = [...new Map(page.records.map((row) => [row.id, row])).values()];
  const rows = all.filter(({ id }) => !before.has(id));
  const agreed = await inAgreement(walk, rows);
  for (const row of rows) {
    if (agreed.has(row.id)) count(looked, 'theirs', 'unchanged');
    else {
      const stop = await lookAtRecord(walk, looked, { theirId: row.id }, row);
      if (stop) return { ok: false, failure: stop };
    }
  }
  for (const { theirId, path } of page.surprises) {
    const again = theirId ? before.has(theirId) : walk.at.sweep > 1;
    if (!again) count(looked, 'theirs', { failed: `decode: surprising at ${path}` });
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
    const names = [own, values, link.base ?? {}].flatMap((some) => Object.keys(some));
    return spread(fields, names).every(({ name }) => {
      const theirs = values[name] ?? null;
      return (own[name] ?? null) === theirs && (link.base?.[name] ?? null) === theirs;
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
  const noted: Intended[] = [];
  const consent = (intended: Intended) => {
    noted.push(intended);
    return false;
  };
  const task: RecordTask = { ...placeOf(place), ...by, door: 'manual', runId: run.id };
  const passed = await passRecord(parts, { ...place, consent }, task, nothingElse, given);
  const side = 'theirId' in by ? 'theirs' : 'ours';
  const [intended] = noted;
  if (passed.kind === 'failed') {
    const { failure, step } = passed;
    if (failure.kind === 'throttled' || failure.kind === 'unauthorised') return failure;
    count(looked, side, { failed: `${step}: ${failure.kind}` });
  } else if (intended && hasIntent(intended)) {
    const isNew = intended.here === 'create' || intended.there === 'create';
    count(looked, side, isNew ? 'created' : 'updated');
    looked.intents.push({ intended, calls: callsFor(intended, place.resource) });
  } else if (passed.kind === 'skipped' && !intended)
    count(looked, side, { skipped: passed.reason });
  else count(looked, side, 'unchanged');
  return null;
}

function count({ counts }: Looked, side: keyof Counts, end: End): void {
  counts[side].seen++;
  countEnd(counts[side], end);
}

/** Records of ours that a full read did not show are read by id: a list proves nothing. [A1] */
async function lookAtAbsent(walk: Walk): Promise<Stop | null> {
  const { parts, place, run, at } = walk;
  const search = { runId: run.id, after: at.walked, limit: absentAtOnce };
  const missing = await unseenTheirIds(parts.db, placeOf(place), search);
  for (const theirId of missing) {
    const looked = noLook();
    const stop = await lookAtRecord(walk, looked, { theirId });
    if (stop) return stop;
    await keep(walk, looked, { theirIds: [theirId], next: { ...at, walked: theirId } });
  }
  if (missing.length === 0) at.phase = 'closings';
  return null;
}

/** Ours that wait to be sent and are not there yet. What is there was seen with theirs. */
async function lookAtOurs(walk: Walk): Promise<Stop | null> {
  const { parts, place, at } = walk;
  const of = placeOf(place);
  const due = await dueOf(parts, of, dueMax);
  const links = await linksByOurs(parts.db, of, due);
  const absent = due.filter((id) => !links.get(id)?.theirId || links.get(id)!.goneAt);
  // In the order of their ids, so that a preview that was cut off goes on behind the last one.
  for (const ourId of absent.sort().filter((id) => id > (at.cursor?.ours ?? ''))) {
    const looked = noLook();
    const stop = await lookAtRecord(walk, looked, { ourId });
    if (stop) return stop;
    await keep(walk, looked, { theirIds: [], next: { ...at, cursor: { ours: ourId } } });
  }
  return null;
}

/** One transaction: what was found, and where the preview stands then. */
async function keep(
  { parts, run, at }: Walk,
  { counts, intents }: Looked,
  { theirIds, next }: { theirIds: string[]; next: Standing },
): Promise<void> {
  const now = parts.clock.now();
  const standing = { ...next, step: at.step };
  await parts.db.transaction(async (tx) => {
    await keepIntents(tx, run.id, intents, parts.newId);
    await noteSeen(tx, { id: parts.newId(), runId: run.id, theirIds });
    await advanceRun(tx, run.id, { counts, standing, now });
    await parts.live.publish('runs', tx);
  });
  Object.assign(at, standing, { step: standing.step + 1 });
}
