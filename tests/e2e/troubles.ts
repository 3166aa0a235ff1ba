import { pino } from 'pino';
import { connectPool } from '#src/platform/database.ts';
import { embeddedFolder, embeddedUrl } from '#src/platform/embeddedFolder.ts';
import { quotaUse } from '#src/platform/tables.ts';
import { failures } from '#src/sync/tables.ts';
import { conflicts, issues, missedEvents } from '#src/sync/trailTables.ts';
import { minutesAgo, newId, type Place, placeOf } from './troubledPlace.ts';
import { addPreview, addRuns } from './troubledRuns.ts';

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
