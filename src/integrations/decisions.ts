import { and, count, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { record } from '#src/sync/activity.ts';
import { type Choice, chooseConflict } from '#src/sync/chooseConflict.ts';
import type { StoredConflict } from '#src/sync/conflicts.ts';
import { connectionById } from '#src/sync/connections.ts';
import { chooseFields, type FieldAnswer, type FieldChoice } from '#src/sync/fieldSettings.ts';
import type { Flow, Policy, Winner } from '#src/sync/flow.ts';
import { closeByHand, type Issue } from '#src/sync/issues.ts';
import { fieldSettingsOf, flowOf, isOff } from '#src/sync/mapping.ts';
import { chooseOptions, type Option, type OptionAnswer, optionOf } from '#src/sync/options.ts';
import type { Parts } from '#src/sync/parts.ts';
import { connections } from '#src/sync/tables.ts';
import { conflicts, issues } from '#src/sync/trailTables.ts';

interface OfConnection {
  connectionLabel: string;
  provider: string;
}
export type ConflictRow = StoredConflict & OfConnection;
export type IssueRow = Issue & OfConnection;

/** One row of a mapping table, as staff see and choose it. */
export interface FieldRow {
  field: string;
  theirs: string;
  flow: Flow;
  policy: Policy;
  /** What the connector would do by itself. */
  usual: Policy;
  on: boolean;
  needed: boolean;
}

export interface FieldTables {
  connection: { id: string; label: string; provider: string };
  resources: { name: string; label: string; canUpdate: boolean; fields: FieldRow[] }[];
}

/** What a connection may be told beside the rules of its fields, each with what holds now. */
export interface OptionList {
  connection: { id: string; label: string; provider: string };
  options: (Pick<Option, 'name' | 'label' | 'help' | 'choices' | 'default'> & { value: string })[];
}

/** What waits for a person's judgement: conflicts, issues, and the rules that decide without one. */
export interface Decisions {
  /** Newest first. */
  conflicts(filter: {
    connectionId: string | null;
    /** Null: all states. */
    state: StoredConflict['state'] | null;
    limit: number;
  }): Promise<ConflictRow[]>;
  /** How many wait for a choice. */
  openConflicts(connectionId: string | null): Promise<number>;
  choose(conflictId: string, side: Winner, by: string): Promise<Choice>;
  /** Newest first. */
  issues(filter: {
    connectionId: string | null;
    closed: boolean;
    limit: number;
  }): Promise<IssueRow[]>;
  /** False: there is no such open issue. */
  closeIssue(issueId: string, reason: string, by: string): Promise<boolean>;
  /** Null: there is no such connection. */
  fieldTables(connectionId: string): Promise<FieldTables | null>;
  chooseFields(connectionId: string, choices: FieldChoice[], by: string): Promise<FieldAnswer>;
  /** Null: there is no such connection. */
  options(connectionId: string): Promise<OptionList | null>;
  /** Options that are not named stay as they are. */
  chooseOptions(
    connectionId: string,
    chosen: Record<string, string>,
    by: string,
  ): Promise<OptionAnswer>;
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The decisions staff take, over the engine's tables. */
export function createDecisions(parts: Parts): Decisions {
  const { db } = parts;
  const ofConnection = { connectionLabel: connections.label, provider: connections.provider };
  return {
    async conflicts({ connectionId, state, limit }) {
      const rows = await db
        .select({ row: conflicts, ...ofConnection })
        .from(conflicts)
        .innerJoin(connections, eq(connections.id, conflicts.connectionId))
        .where(
          and(
            only(conflicts.connectionId, connectionId),
            state ? eq(conflicts.state, state) : undefined,
          ),
        )
        .orderBy(desc(conflicts.foundAt), desc(conflicts.id))
        .limit(limit);
      return rows.map(({ row, ...rest }) => ({ ...row, ...rest }));
    },

    async openConflicts(connectionId) {
      const open = and(eq(conflicts.state, 'open'), only(conflicts.connectionId, connectionId));
      const [counted] = await db.select({ total: count() }).from(conflicts).where(open);
      return counted?.total ?? 0;
    },

    async choose(conflictId, side, by) {
      if (!uuid.test(conflictId)) return { ok: false, words: 'There is no such conflict.' };
      return chooseConflict(parts, { conflictId, side, by });
    },

    async issues({ connectionId, closed, limit }) {
      const state = closed ? isNotNull(issues.closedAt) : isNull(issues.closedAt);
      const rows = await db
        .select({ row: issues, ...ofConnection })
        .from(issues)
        .innerJoin(connections, eq(connections.id, issues.connectionId))
        .where(and(only(issues.connectionId, connectionId), state))
        .orderBy(desc(closed ? issues.closedAt : issues.lastAt), desc(issues.id))
        .limit(limit);
      return rows.map(({ row, ...rest }) => ({ ...row, ...rest }));
    },

    closeIssue: (issueId, reason, by) => closeIssue(parts, { issueId, reason, by }),

    fieldTables: (connectionId) => fieldTables(parts, connectionId),

    chooseFields: (connectionId, choices, by) => chooseFields(parts, { connectionId, choices, by }),

    async options(id) {
      const connection = uuid.test(id) ? await connectionById(db, id) : null;
      const connector = parts.connectors.get(connection?.provider ?? '');
      if (!connection || !connector) return null;
      const { label, provider, settings } = connection;
      const options = (connector.options ?? []).map(({ rereads: _, ...option }) => {
        return { ...option, value: optionOf(settings, option) };
      });
      return { connection: { id, label, provider }, options };
    },

    chooseOptions: (connectionId, chosen, by) => chooseOptions(parts, { connectionId, chosen, by }),
  };
}

/** Narrows to one connection; an id that cannot exist finds nothing instead of failing. */
function only(column: PgColumn, connectionId: string | null): SQL | undefined {
  if (connectionId === null) return undefined;
  return uuid.test(connectionId) ? eq(column, connectionId) : sql`false`;
}

async function closeIssue(
  parts: Parts,
  { issueId, reason, by }: { issueId: string; reason: string; by: string },
): Promise<boolean> {
  if (!uuid.test(issueId)) return false;
  const now = parts.clock.now();
  const closed = await closeByHand(parts.db, issueId, { reason, by, now });
  if (!closed) return false;
  const { connectionId, resource, ourId, theirId, kind } = closed;
  const detail = `${kind}, by ${by}: ${reason}`;
  const line = { connectionId, ...(resource ? { resource } : {}), ourId, theirId, detail };
  const told = { door: 'staff', direction: 'none', action: 'issue closed', ok: true } as const;
  await record(parts.db, [{ ...line, ...told }], { newId: parts.newId, now });
  for (const topic of ['issues', 'activity']) await parts.live.publish(topic);
  return true;
}

async function fieldTables(parts: Parts, connectionId: string): Promise<FieldTables | null> {
  const connection = uuid.test(connectionId) ? await connectionById(parts.db, connectionId) : null;
  const connector = parts.connectors.get(connection?.provider ?? '');
  if (!connection || !connector) return null;
  const settings = fieldSettingsOf(connection);
  const { id, label, provider } = connection;
  return {
    connection: { id, label, provider },
    resources: connector.resources
      .filter(({ fields }) => fields.length > 0)
      .map(({ name, label, fields, update }) => ({
        name,
        label,
        canUpdate: Boolean(update),
        fields: fields.map((field) => {
          const own = settings[name]?.[field.ours];
          const { ours, theirs, policy, needed = false } = field;
          const flow = flowOf(field, connection);
          const on = !isOff(field, own);
          return {
            ...{ field: ours, theirs, flow, needed, on },
            policy: (flow === 'both' && own?.policy) || policy,
            usual: policy,
          };
        }),
      })),
  };
}
