import type { Result } from '#src/platform/failure.ts';
import { connectionById, isWorking, noteConnectionFailure } from './connections.ts';
import type { Page } from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { passOtherOf } from './engine.ts';
import { countLinked } from './links.ts';
import { doubtOf, type Outcome } from './outcome.ts';
import { passPage } from './pagePass.ts';
import { settlePending } from './pendingRows.ts';
import { countSeen } from './runSeen.ts';
import { readsBefore, runById } from './runs.ts';
import { doorOfRun, laneOfRun, readsWhole, type Standing, type Walk } from './standing.ts';
import type { Stop } from './stops.ts';

/** A list whose rows moved while it was read is read again this often, at most. */
const sweepsMax = 3;
/** No list is longer than this many pages; a cursor that never ends is a fault, not work. */
const pagesMax = 10_000;

/** Reads their list from where the run stands to its end. */
export async function readPages(walk: Walk): Promise<Stop | null> {
  const { at } = walk;
  let upcoming = readPage(walk, at);
  for (let pages = 0; pages < pagesMax; pages++) {
    const { read, readAt } = await upcoming;
    if (!read.ok) return read.failure;
    const page = read.value;
    const next = standingAfter(at, page);
    // The next page is on its way while this one is written.
    const following = page.next ? readPage(walk, next) : null;
    const stop = await storePage(walk, { page, readAt, next }).finally(() =>
      following?.catch(() => undefined),
    );
    if (stop) return stop;
    if (!following) return null;
    upcoming = following;
  }
  return { kind: 'surprising', path: 'next', detail: `more than ${pagesMax} pages` };
}

export async function readPage(
  { parts, place }: Walk,
  at: Standing,
): Promise<{ read: Result<Page>; readAt: Date }> {
  const { resource, call } = place;
  const readAt = parts.clock.now();
  const read =
    at.since !== null && resource.changedSince
      ? await resource.changedSince(call, at.since, at.cursor)
      : // Another sweep reads with another page size, so that rows fall into other pages.
        await resource.list!(call, at.cursor ?? { sweep: at.sweep });
  return { read, readAt };
}

/** Where the run stands once this page is stored. Pure. */
export function standingAfter(at: Standing, page: Page): Standing {
  const nameless = page.surprises.filter(({ theirId }) => theirId === null).length;
  // What changes while later pages are read may be missing from them: only the first one tells.
  const isFirst = at.cursor === null && at.sweep === 1;
  return {
    ...at,
    phase: page.next ? 'pages' : 'listed',
    cursor: page.next,
    newest: later(newestOf(page, at.newest), isFirst ? page.settledUntil : undefined),
    total: page.total ?? at.total,
    nameless: at.nameless + (at.sweep === 1 ? nameless : 0),
  };
}

function newestOf({ records, atMost }: Page, sofar: string | null): string | null {
  return records.reduce<string | null>((newest, { changedAt }) => {
    const at = changedAt && atMost && changedAt > atMost ? atMost : changedAt;
    return at && (!newest || at > newest) ? at : newest;
  }, sofar);
}

const later = (newest: string | null, settled: string | undefined) =>
  settled !== undefined && (newest === null || settled > newest) ? settled : newest;

async function storePage(
  walk: Walk,
  { page, readAt, next }: { page: Page; readAt: Date; next: Standing },
): Promise<Stop | null> {
  const { parts, place, run, at } = walk;
  const connection = await connectionById(parts.db, place.connection.id);
  if (!connection || !isWorking(connection)) return 'held';
  const door = { door: doorOfRun(run), lane: laneOfRun(run), runId: run.id };
  const passed = await passPage(walk, {
    page,
    readAt,
    source: 'list',
    at: { ...next, step: at.step, pending: at.pending },
    passOther: passOtherOf(parts, place, door),
  });
  if (!passed.ok) return passed.failure;
  const [surprise] = page.surprises;
  if (surprise) {
    // Their shape changed: the rows are dead letters, and the connection says so. [F1]
    const failure = { kind: 'surprising', path: surprise.path, detail: surprise.detail } as const;
    await noteConnectionFailure(parts.db, connection, { failure, now: parts.clock.now() });
  }
  return settlePending(walk);
}

/**
 * The list was read to its end. Order between pages is not stable: fewer different rows than counted
 * means that some slipped by, and the list is read again.
 * Returns  how many different records it showed; null when it is to be read again.
 */
export async function listedAll(walk: Walk): Promise<number | null> {
  const { parts, run, at } = walk;
  if (!readsWhole(walk)) return 0;
  const shown = (await countSeen(parts.db, run.id)) + at.nameless;
  if (at.total === null || shown >= at.total || at.sweep >= sweepsMax) return shown;
  at.sweep++;
  at.phase = 'pages';
  return null;
}

/** Why what the whole list showed is not to be believed; null: it is. [A1] */
export async function doubtAbout({ parts, place, run, at }: Walk): Promise<Outcome | null> {
  if (at.shown === null) return null;
  const { believed, doubted } = await readsBefore(parts.db, run);
  const { created } = (await runById(parts.db, run.id))!;
  return doubtOf({
    shown: at.shown,
    expected: at.total,
    // What a preview would create is not linked.
    linked: (await countLinked(parts.db, placeOf(place))) - (run.mode === 'preview' ? 0 : created),
    believed,
    doubted,
    askedByPerson: run.trigger === 'manual' || run.trigger === 'command',
  });
}
