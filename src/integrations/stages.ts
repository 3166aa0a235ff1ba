import { eq } from 'drizzle-orm';
import {
  countByStage,
  nameOfStages,
  tellUnknownStages,
} from '#src/applications/applicationIssues.ts';
import { fingerprintOf, type Restated, restate, restatedBy } from '#src/applications/restating.ts';
import {
  isStageStatus,
  type MappedStage,
  type StageMap,
  type StageStatus,
  stageMapOf,
} from '#src/applications/stageMap.ts';
import type { Queryable, Tx } from '#src/platform/database.ts';
import { record } from '#src/sync/activity.ts';
import { type Connection, connectionById, patchSettings } from '#src/sync/connections.ts';
import { workplaceCall } from '#src/sync/engine.ts';
import { readSettings } from '#src/sync/freshSettings.ts';
import type { Parts } from '#src/sync/parts.ts';
import { connections } from '#src/sync/tables.ts';
import { inWords } from './probing.ts';

/** One stage as staff see and choose it. */
export interface StageRow {
  id: string;
  name: string;
  pipeline: string;
  status: StageStatus;
  /** No person has chosen it. */
  isGuessed: boolean;
  /** It came since somebody last looked. */
  isNew: boolean;
  /** What it was called when its meaning was settled, where it is called otherwise now. */
  formerName: string | null;
  /** Not among the pipelines at the last look. */
  isMissing: boolean;
  /** How many applications stand in it. */
  applications: number;
}

export interface StageList {
  connection: { id: string; label: string; provider: string };
  /** When the pipelines were read; null: not yet. */
  readAt: Date | null;
  pipelines: { name: string; stages: StageRow[] }[];
  /** Of the map that is shown. */
  fingerprint: string;
}

/** Stage id -> the status that staff want for it. */
export type StageChoices = Readonly<Record<string, string>>;

export interface StagePreview {
  fingerprint: string;
  total: number;
  counts: { before: string; after: string; total: number }[];
  /** The first of them. */
  shown: StageMove[];
}

export interface StageMove {
  applicationId: string;
  jobTitle: string;
  stageName: string | null;
  before: string;
  after: string;
}

export type StageAnswer =
  | { ok: true; changed: number }
  /** moved: the map is another than the one that was previewed. */
  | { ok: false; reason: 'moved' | 'no such status' };

/** What the stages of a connection's pipelines mean in KiEX. */
export interface Stages {
  /** Null: there is no such connection, or it has no stages. */
  of(connectionId: string): Promise<StageList | null>;
  /** What choosing these would change. Null: one of them is no status. */
  preview(connectionId: string, choices: StageChoices): Promise<StagePreview | null>;
  /** Stores them, if the map is still the one of `fingerprint`, and works every status out anew. */
  choose(
    connectionId: string,
    chosen: { choices: StageChoices; fingerprint: string; by: string },
  ): Promise<StageAnswer>;
  /** Reads the pipelines now. Returns words of what went wrong; null: nothing did. */
  readAgain(connectionId: string, by: string): Promise<string | null>;
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const movesShownMax = 200;

export function createStages(parts: Parts): Stages {
  const find = async (id: string) => {
    const connection = uuid.test(id) ? await connectionById(parts.db, id) : null;
    const connector = parts.connectors.get(connection?.provider ?? '');
    return connection && connector?.refreshSettings ? { connection, connector } : null;
  };
  return {
    async of(connectionId) {
      const found = await find(connectionId);
      return found ? listOf(parts.db, found.connection) : null;
    },

    async preview(connectionId, choices) {
      const found = await find(connectionId);
      const before = found && (await fullMap(parts.db, found.connection));
      const map = before && mapWith(before, choices);
      return map ? previewOf(parts.db, { connectionId, before, map }) : null;
    },

    choose: (connectionId, chosen) => choose(parts, connectionId, chosen),

    async readAgain(connectionId, by) {
      const found = await find(connectionId);
      if (!found) return 'There is no such connection.';
      const call = workplaceCall(parts, found.connection, 'person');
      const read = await readSettings(parts, { ...found, call });
      if (!read.ok) return inWords(read.failure, found.connector.label).words;
      await note(parts.db, parts, { connectionId, action: 'stages read', detail: `by ${by}` });
      await parts.live.publish('activity');
      return null;
    },
  };
}

async function listOf(db: Queryable, connection: Connection): Promise<StageList> {
  const map = await fullMap(db, connection);
  const standing = new Map(
    (await countByStage(db, connection.id)).map(({ stageId, total }) => [stageId, total]),
  );
  const rows = Object.entries(map)
    .sort(([, one], [, other]) => one.rank - other.rank)
    .map(([id, stage]): StageRow & { rank: number } => ({
      ...{ id, name: stage.name, pipeline: stage.pipeline, status: stage.status, rank: stage.rank },
      isGuessed: !stage.chosen,
      isNew: Boolean(stage.isNew),
      formerName: stage.mappedAs && stage.mappedAs !== stage.name ? stage.mappedAs : null,
      isMissing: Boolean(stage.isMissing),
      applications: standing.get(id) ?? 0,
    }));
  const { refreshedAt } = connection.settings;
  const { id, label, provider } = connection;
  return {
    connection: { id, label, provider },
    readAt: typeof refreshedAt === 'string' ? new Date(refreshedAt) : null,
    pipelines: [...Map.groupBy(rows, ({ pipeline }) => pipeline)].map(([name, stages]) => ({
      name,
      stages,
    })),
    fingerprint: fingerprintOf(map),
  };
}

/** The map with the stages in which applications stand and which no look at the pipelines showed. */
async function fullMap(db: Queryable, { id, settings }: Connection): Promise<StageMap> {
  const map = stageMapOf(settings);
  const unmapped: Record<string, MappedStage> = {};
  for (const { stageId, name, status } of await nameOfStages(db, id)) {
    if (map[stageId]) continue;
    const met = { name: name ?? `Stage ${stageId}`, rank: 0, pipeline: '', status };
    unmapped[stageId] = { ...met, isNew: true };
  }
  return { ...map, ...unmapped };
}

/** The map as staff want it; what was shown to them counts as looked at. Null: no such status. */
function mapWith(before: StageMap, choices: StageChoices): StageMap | null {
  const map: Record<string, MappedStage> = { ...before };
  for (const [id, status] of Object.entries(choices)) {
    const stage = before[id];
    if (!stage || !isStageStatus(status)) return null;
    const { isNew: _, ...kept } = stage;
    map[id] = { ...kept, status, chosen: true, mappedAs: stage.name };
  }
  return map;
}

async function previewOf(
  db: Queryable,
  { connectionId, before, map }: { connectionId: string; before: StageMap; map: StageMap },
): Promise<StagePreview> {
  const counts = new Map<string, StagePreview['counts'][number]>();
  const shown: StageMove[] = [];
  let total = 0;
  for await (const changes of restatedBy(db, { connectionId, map })) {
    total += changes.length;
    for (const { before, after } of changes) {
      const key = `${before} ${after}`;
      const known = counts.get(key) ?? { before, after, total: 0 };
      counts.set(key, { ...known, total: known.total + 1 });
    }
    shown.push(...changes.slice(0, movesShownMax - shown.length).map(moveOf));
  }
  return { fingerprint: fingerprintOf(before), total, counts: [...counts.values()], shown };
}

const moveOf = ({ row, jobTitle, before, after }: Restated): StageMove => ({
  applicationId: row.id,
  stageName: row.stageName,
  ...{ jobTitle, before, after },
});

async function choose(
  parts: Parts,
  connectionId: string,
  { choices, fingerprint, by }: { choices: StageChoices; fingerprint: string; by: string },
): Promise<StageAnswer> {
  const now = parts.clock.now();
  const tools = { newId: parts.newId, now };
  const told = new Set<string>();
  const answer = await parts.db.transaction(async (tx): Promise<StageAnswer> => {
    const [connection] = await tx
      .select()
      .from(connections)
      .where(eq(connections.id, connectionId))
      .for('update');
    if (!connection) throw new Error(`no connection ${connectionId}`);
    const before = await fullMap(tx, connection);
    if (fingerprintOf(before) !== fingerprint) return { ok: false, reason: 'moved' };
    const map = mapWith(before, choices);
    if (!map) return { ok: false, reason: 'no such status' };
    await patchSettings(tx, connectionId, { patch: { stageMap: map }, now });
    let changed = 0;
    for await (const changes of restatedBy(tx, { connectionId, map })) {
      changed += changes.length;
      const heard = await restate(tx, connectionId, changes, { by, ...tools });
      for (const studentId of heard) told.add(studentId);
    }
    await tellUnknownStages(tx, { connectionId, map, isNews: false }, tools);
    const words = wordsOf(before, map);
    const detail = `by ${by}: ${words.join('; ') || 'looked at and kept'}; ${changed} applications have another status`;
    await note(tx, parts, { connectionId, action: 'stages changed', detail });
    return { ok: true, changed };
  });
  if (!answer.ok) return answer;
  for (const studentId of told) await parts.live.publish(`applications:${studentId}`);
  for (const topic of ['connections', 'activity', 'issues']) await parts.live.publish(topic);
  return answer;
}

/** Which stage means what now, by id. */
const wordsOf = (before: StageMap, map: StageMap): string[] =>
  Object.entries(map).flatMap(([id, { status }]) =>
    before[id]?.status === status ? [] : [`stage ${id}: ${status}`],
  );

async function note(
  db: Queryable | Tx,
  parts: Parts,
  { connectionId, action, detail }: { connectionId: string; action: string; detail: string },
): Promise<void> {
  const line = {
    connectionId,
    resource: 'applications',
    door: 'staff',
    direction: 'none',
  } as const;
  const tools = { newId: parts.newId, now: parts.clock.now() };
  await record(db, [{ ...line, action, ok: true, detail }], tools);
}
