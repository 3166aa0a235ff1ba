import { and, eq, isNotNull } from 'drizzle-orm';
import { pino } from 'pino';
import { systemClock } from '#src/platform/clock.ts';
import { connectPool, type Db } from '#src/platform/database.ts';

import { embeddedFolder, embeddedUrl } from '#src/platform/embeddedFolder.ts';
import { createIds, systemRandom } from '#src/platform/random.ts';
import { quotaUse } from '#src/platform/tables.ts';
import { closings } from '#src/sync/closingTables.ts';
import { connections, failures, links, runs } from '#src/sync/tables.ts';
import { conflicts, issues, missedEvents, previewRecords } from '#src/sync/trailTables.ts';

/** Where to look at what was put in. */
export interface Troubles {
  /** A dead letter whose record can be mended here. */
  correctable: string;
  /** One whose record cannot. */
  barred: string;
  asks: string;
  partial: string;
  empty: string;
  refused: string;
  /** A preview with something of each kind. */
  preview: string;
}

interface Place {
  db: Db;
  connectionId: string;
  quotaKey: string;
  jobs: { ourId: string; theirId: string }[];
  candidate: { ourId: string; theirId: string };
}

const newId = createIds(systemClock, systemRandom);
const minutesAgo = (minutes: number) => new Date(systemClock.now().getTime() - minutes * 60_000);

/**
 * Puts into the database what a provider in trouble leaves behind, and what would take hours to act
 * out: only to be looked at, and to be answered where the engine needs no more than the row.
 */
export async function seedTroubles(dataDir: string, label: string): Promise<Troubles> {
  const url = embeddedUrl(embeddedFolder(dataDir));
  const { db, pool } = connectPool(url, pino({ level: 'silent' }), 1);
  try {
    const place = await placeOf(db, label);
    await addConflicts(place);
    await addIssues(place);
    await addMissed(place);
    await addUse(place);
    return {
      ...(await addFailures(place)),
      ...(await addRuns(place)),
      preview: await addPreview(place),
    };
  } finally {
    await pool.end();
  }
}

async function placeOf(db: Db, label: string): Promise<Place> {
  const [connection] = await db.select().from(connections).where(eq(connections.label, label));
  const connectionId = connection!.id;
  const linked = (resource: string) =>
    db
      .select({ ourId: links.ourId, theirId: links.theirId })
      .from(links)
      .where(
        and(
          eq(links.connectionId, connectionId),
          eq(links.resource, resource),
          isNotNull(links.theirId),
        ),
      )
      .orderBy(links.theirId);
  const pairs = (rows: { ourId: string; theirId: string | null }[]) =>
    rows.map(({ ourId, theirId }) => ({ ourId, theirId: theirId! }));
  const [candidate] = pairs(await linked('candidates'));
  const { quotaKey } = connection!;
  return { db, connectionId, quotaKey, jobs: pairs(await linked('jobs')), candidate: candidate! };
}

async function addConflicts({ db, connectionId, jobs: linked }: Place): Promise<void> {
  const of = (at: number) => ({ id: newId(), connectionId, resource: 'jobs', ...linked[at]! });
  const description = '<p>Greet guests, answer the telephone and keep the lobby in order.</p>';
  await db.insert(conflicts).values([
    {
      ...of(0),
      field: 'address',
      base: { value: '100 Pale San Vitores Road' },
      ours: { value: '102 Pale San Vitores Road' },
      theirs: { value: '100 Pale San Vitores Road, Suite 4' },
      reason: 'ask',
      state: 'open',
      foundAt: minutesAgo(12),
    },
    {
      ...of(1),
      field: 'descriptionHtml',
      base: null,
      ours: { value: description.repeat(4) },
      theirs: { value: `${description}<ul><li>Evenings</li><li>Weekends</li></ul>` },
      reason: 'ask',
      state: 'open',
      foundAt: minutesAgo(45),
    },
    {
      ...of(2),
      field: 'payMax',
      base: { value: '14.00' },
      ours: { value: '15.00' },
      theirs: { value: null },
      winner: 'theirs',
      reason: 'theirs',
      state: 'settled',
      foundAt: minutesAgo(180),
    },
    {
      ...of(3),
      field: 'city',
      base: { value: 'Tumon' },
      ours: { value: 'Tamuning' },
      theirs: { value: 'Hagåtña' },
      reason: 'ask',
      state: 'chosen',
      chosen: 'ours',
      chosenBy: 'staff@kiex.example',
      foundAt: minutesAgo(300),
      closedAt: minutesAgo(280),
    },
  ]);
}

async function addIssues({ db, connectionId, jobs: linked, candidate }: Place): Promise<void> {
  const of = { connectionId, openedAt: minutesAgo(190), lastAt: minutesAgo(6) };
  await db.insert(issues).values([
    {
      id: newId(),
      ...of,
      resource: 'candidates',
      kind: 'ambiguity',
      key: candidate.theirId,
      ...candidate,
      detail: `Candidates ${candidate.theirId}, 9102 and 9340 have the same e-mail; KiEX took ${candidate.theirId}, the oldest.`,
      count: 3,
    },
    {
      id: newId(),
      ...of,
      resource: 'jobs',
      kind: 'missed events',
      key: 'job_updated',
      detail: '3 of the last 5 job_updated webhooks did not come.',
      count: 3,
    },
    {
      id: newId(),
      ...of,
      resource: 'jobs',
      kind: 'mass change',
      key: 'jobs',
      detail: '12 of 40 jobs would be closed by one run.',
    },
    {
      id: newId(),
      ...of,
      resource: 'jobs',
      kind: 'ambiguity',
      key: 'closed before',
      theirId: linked[0]!.theirId,
      detail: 'Two jobs carried the same external id.',
      closedAt: minutesAgo(5),
      closedReason: 'Merged there',
      closedBy: 'staff@kiex.example',
    },
  ]);
}

async function addMissed({ db, connectionId, jobs: linked }: Place): Promise<void> {
  const ages = [20, 50, 90];
  await db.insert(missedEvents).values(
    ages.map((minutes, at) => ({
      id: newId(),
      connectionId,
      resource: 'jobs',
      event: 'job_updated',
      theirId: linked[at]!.theirId,
      foundAt: minutesAgo(minutes),
      notedAt: minutesAgo(minutes - 5),
      arrivedAt: at === 2 ? minutesAgo(60) : null,
    })),
  );
}

/** A day of calls, with a busy hour in which some were answered with a 429. */
async function addUse({ db, quotaKey: key }: Place): Promise<void> {
  const rows = Array.from({ length: 288 }, (_, at) => {
    const minute = new Date(Math.floor(minutesAgo(10 + at * 5).getTime() / 60_000) * 60_000);
    const calls = Math.round(20 + 18 * Math.sin(at / 9)) + (at < 6 ? 50 : 0);
    return { key, minute, lane: 'poll', calls, throttled: at === 2 ? 4 : at === 30 ? 1 : 0 };
  });
  await db.insert(quotaUse).values(rows).onConflictDoNothing();
}

async function addFailures(place: Place): Promise<Pick<Troubles, 'correctable' | 'barred'>> {
  const { db, connectionId, jobs: linked, candidate } = place;
  const [correctable, barred] = [newId(), newId()];
  const of = { connectionId, firstAt: minutesAgo(70), lastAt: minutesAgo(8) };
  const dead = { ...of, state: 'dead', kind: 'refused', step: 'update', status: 400 } as const;
  await db.insert(failures).values([
    {
      ...dead,
      id: correctable,
      resource: 'candidates',
      recordKey: `our:${candidate.ourId}`,
      ...candidate,
      path: 'phone_number',
      detail: '{"phone_number":["Enter a valid phone number."]}',
      requestId: 'req-5f2c',
      attempts: 1,
    },
    {
      ...dead,
      id: barred,
      resource: 'jobs',
      recordKey: `their:${linked[0]!.theirId}`,
      theirId: linked[0]!.theirId,
      kind: 'surprising',
      step: 'decode',
      status: null,
      path: 'results.3.salary_min',
      detail: 'expected a number as text, got a list',
      attempts: 3,
    },
    {
      ...of,
      id: newId(),
      resource: 'jobs',
      recordKey: `our:${linked[1]!.ourId}`,
      ...linked[1]!,
      state: 'retrying',
      kind: 'unreachable',
      step: 'update',
      status: 502,
      detail: 'Bad Gateway',
      attempts: 4,
      nextTryAt: minutesAgo(-240),
    },
  ]);
  return { correctable, barred };
}

async function addRuns({ db, connectionId, jobs: linked }: Place) {
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

async function addPreview({ db, connectionId, jobs: linked }: Place): Promise<string> {
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
