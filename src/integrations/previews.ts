import { and, asc, count, eq, inArray, sql, sum } from 'drizzle-orm';
import type { Db } from '#src/platform/database.ts';
import { ring, runBell } from '#src/sync/bells.ts';
import { checkpointOf } from '#src/sync/checkpoints.ts';
import { connectionById } from '#src/sync/connections.ts';
import { decideFields, type FieldChoice } from '#src/sync/fieldSettings.ts';
import { isLeftOut } from '#src/sync/leftOut.ts';
import { fieldSettingsOf } from '#src/sync/mapping.ts';
import type { Parts } from '#src/sync/parts.ts';
import { type Run, runById } from '#src/sync/runs.ts';
import { runs } from '#src/sync/tables.ts';
import { type PreviewRecord, previewRecords } from '#src/sync/trailTables.ts';

/** Looking before leaping: what a full read, or other settings, would do. */
export interface Previews {
  /**
   * Asks for previews. resource null: of every kind of record that can be read.
   * settings  of the connection, tried in the place of those that are saved.
   * Returns   the ids of the runs that look.
   */
  request(ask: {
    connectionId: string;
    resource: string | null;
    settings: Record<string, unknown> | null;
    trigger: 'manual' | 'command';
    by: string | null;
  }): Promise<string[]>;
  /** Asks for previews of other choices for fields, of each kind of record that they touch. */
  requestFields(
    ask: { connectionId: string; choices: FieldChoice[] },
    by: string,
  ): Promise<{ ok: true; runIds: string[] } | { ok: false; errors: Record<string, string> }>;
  /** What a preview found. page  from 1; null for a run that is no preview. */
  of(runId: string, page: number): Promise<PreviewShown | null>;
  /** Those that a run which carried a preview out left, each with why. */
  leftBy(run: Pick<Run, 'previewId'>): Promise<PreviewRecord[]>;
  /** Asks for what was previewed to be carried out; asked twice, it is the same run. */
  apply(
    previewId: string,
    ask: { trigger: 'manual' | 'command'; by: string | null },
  ): Promise<{ runId: string } | { refused: string }>;
}

export interface PreviewShown {
  totals: {
    here: Record<PreviewRecord['here'], number>;
    there: Record<PreviewRecord['there'], number>;
    conflicts: number;
    records: number;
  };
  /** What carrying out the rest costs. minutes  at the calls a minute of the connection. */
  cost: { calls: number; minutes: number; callsPerMinute: number };
  states: Record<PreviewRecord['state'], number>;
  /** The run that carries it out, or did. */
  appliedBy: Pick<Run, 'id' | 'state'> | null;
  records: PreviewRecord[];
  pages: number;
}

export const recordsPerPage = 50;
const leftMax = 200;
const open = ['waiting', 'running'] as const;
const broken = ['unbalanced', 'interrupted', 'failed'] as const;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** All that pages and the command line ask about previews. */
export function createPreviews(parts: Parts): Previews {
  const { db } = parts;
  return {
    async request({ connectionId, resource, settings, trigger, by }) {
      const connection = await connectionById(db, connectionId);
      const connector = connection && parts.connectors.get(connection.provider);
      const readable = (connector?.resources ?? []).filter(
        (one) => one.list && !isLeftOut(one, connection!) && (!resource || one.name === resource),
      );
      const ids: string[] = [];
      for (const { name } of readable) {
        const known = await checkpointOf(db, { connectionId, resource: name });
        const kind = known?.cursor ? ('full' as const) : ('backfill' as const);
        const of = { connectionId, resource: name, kind, trigger, requestedBy: by };
        ids.push(await startRun(parts, { ...of, mode: 'preview', settings }));
      }
      return ids;
    },

    async requestFields({ connectionId, choices }, by) {
      const connection = (await connectionById(db, connectionId))!;
      const connector = parts.connectors.get(connection.provider)!;
      const decided = decideFields(connector, connection, choices);
      if (!decided.ok) return decided;
      const runIds: string[] = [];
      for (const resource of new Set(decided.changes.map((change) => change.resource))) {
        // Each saves what it showed, and no choice for another kind of record.
        const chosen = { [resource]: decided.settings[resource] };
        const settings = { policies: { ...fieldSettingsOf(connection), ...chosen } };
        const ask = { connectionId, resource, settings, trigger: 'manual' as const, by };
        runIds.push(...(await this.request(ask)));
      }
      return { ok: true, runIds };
    },

    async of(runId, page) {
      const run = uuid.test(runId) ? await runById(db, runId) : null;
      return run?.mode === 'preview' ? shown(parts, run, page) : null;
    },

    leftBy: async ({ previewId }) =>
      previewId ? recordsOf(db, previewId, { states: ['moved', 'failed'], limit: leftMax }) : [],

    async apply(previewId, { trigger, by }) {
      const preview = uuid.test(previewId) ? await runById(db, previewId) : null;
      if (preview?.mode !== 'preview') return { refused: 'There is no such preview.' };
      const earlier = await appliedBy(db, previewId);
      if (earlier && open.some((state) => state === earlier.state)) return { runId: earlier.id };
      if (!preview.finishedAt || broken.some((state) => state === preview.state)) {
        return { refused: 'The preview has not come to its end.' };
      }
      const { states } = await shown(parts, preview, 1);
      // Settings may be worth saving though no record changes by them.
      if (states.planned === 0 && (earlier || !preview.settings)) {
        return { refused: 'Nothing of it is left to carry out.' };
      }
      const { connectionId, resource, kind, settings } = preview;
      const of = { connectionId, resource, kind, trigger, requestedBy: by, settings };
      return { runId: await startRun(parts, { ...of, previewId, expected: states.planned }) };
    },
  };
}

async function startRun(
  parts: Parts,
  of: Omit<typeof runs.$inferInsert, 'id' | 'state' | 'requestedAt'>,
): Promise<string> {
  const id = parts.newId();
  await parts.db
    .insert(runs)
    .values({ id, ...of, state: 'waiting', requestedAt: parts.clock.now() });
  await ring(parts, runBell({ id, ...of }));
  await parts.live.publish('runs');
  return id;
}

/** The newest run that carries a preview out. */
async function appliedBy(db: Db, previewId: string): Promise<Pick<Run, 'id' | 'state'> | null> {
  const rows = await db
    .select({ id: runs.id, state: runs.state })
    .from(runs)
    .where(eq(runs.previewId, previewId))
    .orderBy(sql`${runs.requestedAt} desc`)
    .limit(1);
  return rows[0] ?? null;
}

const recordsOf = (
  db: Db,
  runId: string,
  { states, limit, page = 1 }: { states?: PreviewRecord['state'][]; limit: number; page?: number },
): Promise<PreviewRecord[]> =>
  db
    .select()
    .from(previewRecords)
    .where(
      and(
        eq(previewRecords.runId, runId),
        states ? inArray(previewRecords.state, states) : undefined,
      ),
    )
    .orderBy(asc(previewRecords.id))
    .limit(limit)
    .offset((page - 1) * limit);

async function shown(parts: Parts, run: Run, page: number): Promise<PreviewShown> {
  const { db } = parts;
  const { here, there, state, calls } = previewRecords;
  const found = await db
    .select({
      here,
      there,
      state,
      records: count(),
      calls: sum(calls).mapWith(Number),
      conflicts: sql`count(*) filter (where ${previewRecords.conflicts} <> '{}')`.mapWith(Number),
    })
    .from(previewRecords)
    .where(eq(previewRecords.runId, run.id))
    .groupBy(here, there, state);
  const total = (fits: (row: (typeof found)[number]) => boolean) =>
    found.filter(fits).reduce((total, row) => total + row.records, 0);
  const records = total(() => true);
  const planned = found.filter((row) => row.state === 'planned');
  const callsLeft = planned.reduce((total, row) => total + row.calls, 0);
  const callsPerMinute = await paceOf(parts, run.connectionId);
  return {
    totals: {
      here: {
        create: total((row) => row.here === 'create'),
        update: total((row) => row.here === 'update'),
        close: total((row) => row.here === 'close'),
        link: total((row) => row.here === 'link'),
        none: total((row) => row.here === 'none'),
      },
      there: {
        create: total((row) => row.there === 'create'),
        update: total((row) => row.there === 'update'),
        none: total((row) => row.there === 'none'),
      },
      conflicts: found.reduce((total, row) => total + row.conflicts, 0),
      records,
    },
    cost: {
      calls: callsLeft,
      minutes: callsPerMinute > 0 ? Math.ceil(callsLeft / callsPerMinute) : 0,
      callsPerMinute,
    },
    states: {
      planned: total((row) => row.state === 'planned'),
      applied: total((row) => row.state === 'applied'),
      moved: total((row) => row.state === 'moved'),
      failed: total((row) => row.state === 'failed'),
    },
    appliedBy: await appliedBy(db, run.id),
    records: await recordsOf(db, run.id, { limit: recordsPerPage, page }),
    pages: Math.max(1, Math.ceil(records / recordsPerPage)),
  };
}

/** Calls a minute that the connection's budget allows. */
async function paceOf(parts: Parts, connectionId: string): Promise<number> {
  const connection = (await connectionById(parts.db, connectionId))!;
  const budget = await parts.quota.state(connection.quotaKey);
  const declared = parts.connectors.get(connection.provider)?.callsPerMinute ?? 0;
  return budget?.callsPerMinute ?? declared;
}
