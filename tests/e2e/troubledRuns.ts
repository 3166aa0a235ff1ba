import { closings } from '#src/sync/closingTables.ts';
import { runs } from '#src/sync/tables.ts';
import { previewRecords } from '#src/sync/trailTables.ts';
import { minutesAgo, newId, type Place } from './troubledPlace.ts';

export async function addRuns({ db, connectionId, jobs: linked }: Place) {
  const of = (minutes: number) => ({
    connectionId,
    resource: 'jobs',
    kind: 'full' as const,
    trigger: 'schedule',
    requestedAt: minutesAgo(minutes + 2),
    startedAt: minutesAgo(minutes + 1),
    progressAt: minutesAgo(minutes),
    finishedAt: minutesAgo(minutes),
    attempts: 1,
    expected: linked.length,
  });
  const [asks, partial, empty, refused] = [newId(), newId(), newId(), newId()];
  const size = linked.length;
  await db.insert(runs).values([
    {
      ...of(3),
      id: asks,
      state: 'asks',
      reason: `12 of ${size} jobs would be closed. KiEX asks first.`,
      finishedAt: null,
      ...{ seen: size, shown: size, created: 1, updated: 2, unchanged: size - 15 },
      ...{ oursSeen: size, oursUnchanged: size - 12 },
    },
    {
      ...of(30),
      id: partial,
      state: 'partial',
      reason: `Manatal counts ${size} jobs and showed ${size - 3}.`,
      ...{ seen: size - 3, shown: size - 3, unchanged: size - 5, skipped: 2 },
      skipReasons: { not_changed: 2 },
      ...{ oursSeen: size, oursUnchanged: size - 1, oursFailed: 1 },
      oursFailReasons: { refused: 1 },
    },
    {
      ...of(60),
      id: empty,
      state: 'empty',
      reason: `Manatal showed no job at all; ${size} are linked.`,
      ...{ expected: 0, shown: 0 },
    },
    {
      ...of(120),
      id: refused,
      state: 'refused',
      reason: 'A person refused it; nothing was closed.',
      ...{ seen: size, shown: size, unchanged: size - 2, skipped: 2 },
      skipReasons: { 'a person refused to close it': 2 },
      ...{ oursSeen: size, oursUnchanged: size },
    },
  ]);
  const aside = (runId: string, upTo: number, state: 'asked' | 'refused') =>
    linked.slice(0, upTo).map((pair, at) => ({
      ...{ runId, connectionId, resource: 'jobs', ...pair, confirmed: true, state },
      why: at % 3 === 0 ? ('gone' as const) : ('closes' as const),
    }));
  await db.insert(closings).values([...aside(asks, 12, 'asked'), ...aside(refused, 2, 'refused')]);
  return { asks, partial, empty, refused };
}

export async function addPreview({ db, connectionId, jobs: linked }: Place): Promise<string> {
  const id = newId();
  const at = minutesAgo(2);
  await db.insert(runs).values({
    ...{ id, connectionId, resource: 'jobs', kind: 'full', mode: 'preview', trigger: 'manual' },
    ...{ state: 'done', requestedAt: at, startedAt: at, progressAt: at, finishedAt: at },
    ...{ seen: linked.length, shown: linked.length, expected: linked.length, attempts: 1 },
  });
  const none = { runId: id, toUs: {}, toThem: {}, conflicts: {}, state: 'planned' } as const;
  await db.insert(previewRecords).values([
    {
      ...{ ...none, id: newId(), ourId: null, theirId: '5100999', calls: 1 },
      ...{ here: 'create', there: 'none' },
      toUs: {
        title: { before: null, after: 'Night Auditor' },
        city: { before: null, after: 'Tumon' },
        payMin: { before: null, after: '15.00' },
      },
    },
    {
      ...{ ...none, id: newId(), ...linked[0]!, calls: 2, here: 'update', there: 'update' },
      toUs: { headcount: { before: 1, after: 3 } },
      toThem: { address: { before: '100 Beach Road', after: '102 Beach Road' } },
      conflicts: { payMax: { ours: '15.00', theirs: '16.50' } },
    },
    {
      ...{ ...none, id: newId(), ...linked[1]!, calls: 1, here: 'close', there: 'none' },
      toUs: { status: { before: 'open', after: 'closed' } },
    },
    { ...none, id: newId(), ...linked[2]!, calls: 0, here: 'link', there: 'none' },
  ]);
  return id;
}
