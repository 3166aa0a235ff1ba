import type { Failure, Result } from '#src/platform/failure.ts';
import type { Values } from './canonical.ts';
import { answerWords } from './closings.ts';
import type { TheirRecord } from './connector.ts';
import { countBoth, countEnd, type End } from './counts.ts';
import { placeOf } from './createTheirs.ts';
import { canonicalOurs } from './fields.ts';
import { agreesWith, type Link, linksByTheirs } from './links.ts';
import { fieldsOf, planFor, takenValues } from './mapping.ts';
import { knownRefs, refsOf } from './pageRefs.ts';
import { type PassOther, writeContextOf } from './passed.ts';
import type { Plan } from './plan.ts';
import { shownBefore } from './runSeen.ts';
import { readsWhole, type Walk } from './standing.ts';
import type { OurRecord } from './synced.ts';
import { asAgreed, seenOf } from './tellSeen.ts';
import { type Closer, noWork, type RunPage, type Work } from './work.ts';

/** Loads what we know of a page's records in one query each, and plans in memory. Writes nothing. */
export async function workOut(
  walk: Walk,
  runPage: RunPage,
  passOther: PassOther,
): Promise<Result<Work>> {
  const { parts, place } = walk;
  const work = noWork();
  const rows = await newRows(walk, runPage, work);
  const theirIds = [...rows.map((row) => row.id), ...(runPage.gone ?? [])];
  const links = await linksByTheirs(parts.db, placeOf(place), theirIds);
  const old = rows.flatMap((row) => {
    const link = links.get(row.id);
    return link && !isSettled(walk, work, { row, link, runPage }) ? [{ row, link }] : [];
  });
  const ours = await place.synced.read(
    parts.db,
    placeOf(place),
    old.map(({ link }) => link.ourId),
  );
  for (const { row, link } of old) {
    planOld(walk, work, { row, link, mine: ours.get(link.ourId), runPage });
  }
  const strangers = rows.filter((row) => !links.has(row.id));
  if (runPage.source !== 'list') {
    planAbsent(walk, work, { links, runPage, strangers });
    return { ok: true, value: work };
  }
  return admit(walk, work, { strangers, passOther });
}

/** What was read by id and is no record of ours to compare: gone, odd, or tied to another by now. */
function planAbsent(
  walk: Walk,
  work: Work,
  state: { links: Map<string, Link>; runPage: RunPage; strangers: TheirRecord[] },
): void {
  const { links, runPage, strangers } = state;
  const { gone = [], odd = [], source } = runPage;
  const { theirs, ours } = work.counts;
  const isNew = source === 'byId';
  if (isNew) theirs.seen += gone.length + odd.length;
  for (const theirId of gone) {
    const link = links.get(theirId);
    if (!link || link.goneAt) {
      endEarly(work, runPage, { skipped: foundRemoved });
      continue;
    }
    if (isNew) ours.seen++;
    putAside(walk, work, { ourId: link.ourId, theirId, why: 'gone' });
  }
  if (isNew) ours.seen += odd.length;
  work.handOver.push(...odd.map((theirId) => ({ theirId, theirs: true, ours: true })));
  work.handOver.push(...strangers.map(({ id }) => ({ theirId: id, theirs: true, ours: !isNew })));
}

const foundRemoved = 'found removed at the provider before';

/** The rows that this run has not come upon before, counted as seen. */
async function newRows(walk: Walk, { page, source }: RunPage, work: Work): Promise<TheirRecord[]> {
  const { parts, run, at } = walk;
  const { theirs } = work.counts;
  const rows = [...new Map(page.records.map((row) => [row.id, row])).values()];
  if (source === 'again') return rows;
  const ids = [...rows.map(({ id }) => id), ...page.surprises.flatMap((one) => one.theirId ?? [])];
  // A list whose rows move shows some of them twice; what was seen is counted by record, not by row.
  const before =
    source === 'list' && readsWhole(walk) ? await shownBefore(parts.db, run.id, ids) : new Set();
  const surprises = page.surprises.filter(({ theirId }) =>
    theirId ? !before.has(theirId) : at.sweep === 1,
  );
  for (const { path } of surprises) countEnd(theirs, { failed: `decode: surprising at ${path}` });
  const fresh = rows.filter((row) => !before.has(row.id));
  theirs.seen += fresh.length + surprises.length;
  return fresh;
}

/** Nothing is to be done for a row whose link says all there is to know: its end is counted. */
function isSettled(
  walk: Walk,
  work: Work,
  { row, link, runPage }: { row: TheirRecord; link: Link; runPage: RunPage },
): boolean {
  if (link.goneAt) {
    // The list may be an old one: its own corridor reads it by id before it is there again.
    if (walk.place.resource.comesBack && runPage.source === 'list') {
      work.handOver.push({ theirId: row.id, theirs: true, ours: false });
    } else endEarly(work, runPage, { skipped: foundRemoved });
    return true;
  }
  const older = row.revision && link.theirRevision && row.revision < link.theirRevision;
  // A full comparison looks at our side, too: ours may have changed while theirs did not.
  if (!older && (readsWhole(walk) || !isAsAgreed(link, row))) return false;
  if (!older) outlive(walk, work, link.ourId);
  endEarly(work, runPage, 'unchanged');
  return true;
}

/** Our record was not looked at; unless it was, when the row was first put aside. */
function endEarly({ counts }: Work, { source }: RunPage, end: End): void {
  countEnd(counts.theirs, end);
  if (source === 'again') countEnd(counts.ours, end);
}

function outlive({ answers }: Walk, work: Work, ourId: string): void {
  if (answers.get(ourId) === 'refused') work.outlived.push(ourId);
}

/** An equal revision proves nothing: where times have whole seconds, two edits can share one. [M1] */
const isAsAgreed = (link: Link, row: TheirRecord) =>
  link.base !== null && sameValues(link.base, row.values) && row.revision === link.theirRevision;

const sameValues = (base: Record<string, unknown>, values: Values) =>
  Object.keys(values).every((name) => (base[name] ?? null) === (values[name] ?? null));

function planOld(
  walk: Walk,
  work: Work,
  state: { row: TheirRecord; link: Link; mine: OurRecord | undefined; runPage: RunPage },
): void {
  const { row, link, mine, runPage } = state;
  const { counts } = work;
  if (!mine) {
    endEarly(work, runPage, { skipped: 'not here any more' });
    return;
  }
  if (runPage.source !== 'again') counts.ours.seen++;
  const handOver = () => work.handOver.push({ theirId: row.id, theirs: true, ours: true });
  const saw = (plan: Pick<Plan, 'toUs' | 'toThem' | 'base'>) => {
    if (!walk.place.synced.seen) return;
    work.seen.push(seenOf(walk.place, { ours: mine, theirs: row, made: plan }));
  };
  const oursMoved = readsWhole(walk) && mine.version > link.agreedVersion;
  if (isAsAgreed(link, row)) {
    outlive(walk, work, mine.id);
    if (oursMoved) handOver();
    else {
      saw(asAgreed(link.base));
      countBoth(counts, 'unchanged');
    }
    return;
  }
  if (link.updatedAt >= runPage.readAt) {
    // Written since the page was asked for: the page may be older. Its own corridor reads afresh.
    handOver();
    return;
  }
  const values = canonicalOurs(fieldsOf(walk.place), mine.values);
  const made = planFor(walk.place, { ours: mine, theirs: row, link });
  if (walk.place.synced.closes?.({ before: values, values: made.toUs })) {
    putAside(walk, work, { ourId: mine.id, theirId: row.id, why: 'closes' });
    return;
  }
  outlive(walk, work, mine.id);
  if (oursMoved || Object.keys(made.toThem).length > 0) {
    handOver();
    return;
  }
  saw(made);
  const writes = Object.keys(made.toUs).length > 0;
  // An open conflict is looked at on every page and writes nothing. [M6]
  if (!writes && agreesWith(link, { ...made, theirRevision: row.revision })) {
    countBoth(counts, 'unchanged');
    return;
  }
  const write = { ourId: mine.id, version: mine.version, values: made.toUs, refs: {} };
  work.changed.push({
    link,
    theirs: row,
    before: values,
    ours: mine.values,
    made,
    version: mine.version,
    write: writes ? write : null,
  });
}

/** It waits until all that would close is known; unless a person was asked about it before. [A3] */
function putAside({ answers }: Walk, work: Work, closer: Closer): void {
  const answer = answers.get(closer.ourId);
  if (answer) countBoth(work.counts, { skipped: answerWords[answer] });
  else work.closers.push(closer);
}

/** Records we do not have yet: adopted, kept outside with the reason, or prepared as new. */
async function admit(
  { parts, place }: Walk,
  work: Work,
  { strangers, passOther }: { strangers: TheirRecord[]; passOther: PassOther },
): Promise<Result<Work>> {
  const { theirs, ours } = work.counts;
  const { below } = place.synced;
  const named = strangers.flatMap((row) => (row.ourId ? [row.ourId] : []));
  const known = await place.synced.read(parts.db, placeOf(place), named);
  const welcome = strangers.filter((row) => !row.keepOut);
  const refs = await knownRefs(parts, place, welcome);
  const unreadable = new Map<string, Failure>();
  const context = writeContextOf(place, parts.clock.now());
  const join = (row: TheirRecord) => {
    // One of ours stands for it already: joined with the record's lock held.
    ours.seen++;
    work.handOver.push({ theirId: row.id, theirs: true, ours: true });
  };
  const alike = new Set<string>();
  for (const row of strangers) {
    const likeness = row.keepOut ? null : (place.synced.likeness?.(row.values) ?? null);
    const isAlike = likeness !== null && alike.has(likeness);
    if (likeness !== null) alike.add(likeness);
    if (isAlike || (row.ourId && known.has(row.ourId))) join(row);
    else if (row.keepOut) countEnd(theirs, { skipped: row.keepOut });
    else if (!place.synced.write) countEnd(theirs, { skipped: 'not brought in' });
    else if (below && !refs.get(below.resource)?.has(row.refs[below.resource] ?? ''))
      countEnd(theirs, { skipped: below.otherwise });
    else if (await place.synced.match?.(parts.db, context, row.values)) join(row);
    else {
      const ourRefs = await refsOf(parts, place, row, { refs, passOther, unreadable });
      if (!ourRefs.ok) {
        if (stopsPage(ourRefs.failure) || unreadable.size > unreadableMax) return ourRefs;
        // What it refers to cannot be read: its own corridor keeps trying, and the page goes on. [F3]
        work.handOver.push({ theirId: row.id, theirs: true, ours: false });
        continue;
      }
      const write = {
        ourId: parts.newId(),
        version: null,
        values: takenValues(place, row.values),
        refs: ourRefs.value,
      };
      work.news.push({ theirs: row, write });
    }
  }
  return { ok: true, value: work };
}

/** More than this on one page, and it is the provider that cannot be read, not a few records. */
const unreadableMax = 3;

const stopsPage = ({ kind }: Failure) => kind === 'throttled' || kind === 'unauthorised';
