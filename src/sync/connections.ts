import { createHash } from 'node:crypto';
import { and, eq, inArray, notInArray, or, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import type { Failure } from '#src/platform/failure.ts';
import type { Vault } from '#src/platform/vault.ts';
import type { Account } from './connector.ts';
import { connections, failures } from './tables.ts';

export type Connection = typeof connections.$inferSelect;
export type ConnectionState = Connection['state'];

/** Work goes on in these states; in the others it is held, and nothing is dropped. */
export const workingStates: readonly ConnectionState[] = ['connected', 'degraded'];
export const isWorking = (connection: Connection) => workingStates.includes(connection.state);
/** A preview, and what was shown in one, is carried out on a paused connection too: a person asked. */
export const isAtHand = (connection: Connection) =>
  isWorking(connection) || connection.state === 'paused';

/** It has ended, or is about to: only a key begins it again. */
export const endedStates: readonly ConnectionState[] = ['disconnecting', 'disconnected'];
export const isEnded = (connection: Connection) => endedStates.includes(connection.state);

/** What a sealed value is bound to, so that it opens nowhere else. [P5] */
export const keyBinding = (connectionId: string) => `connection:${connectionId}:key`;
export const secretBinding = (connectionId: string) => `connection:${connectionId}:webhook`;

export const hashSecret = (secret: string) =>
  createHash('sha256').update(secret).digest('base64url');

export async function allConnections(db: Queryable): Promise<Connection[]> {
  return db.select().from(connections).orderBy(connections.createdAt);
}

export async function workingConnections(db: Queryable): Promise<Connection[]> {
  return db
    .select()
    .from(connections)
    .where(inArray(connections.state, [...workingStates]));
}

export async function connectionById(db: Queryable, id: string): Promise<Connection | null> {
  const rows = await db.select().from(connections).where(eq(connections.id, id));
  return rows[0] ?? null;
}

export async function connectionByLabel(db: Queryable, label: string): Promise<Connection | null> {
  const rows = await db.select().from(connections).where(eq(connections.label, label));
  return rows[0] ?? null;
}

/**
 * The connection a webhook address belongs to: by its secret, or by the one before while subscriptions
 * at the provider still carry that. Found by hash, so nothing is compared letter by letter.
 */
export async function connectionBySecret(
  db: Queryable,
  secret: string,
): Promise<Connection | null> {
  const hash = hashSecret(secret);
  const rows = await db
    .select()
    .from(connections)
    .where(or(eq(connections.webhookSecretHash, hash), eq(connections.formerSecretHash, hash)));
  return rows[0] ?? null;
}

/** The account with its key opened, for one piece of work. */
export function accountOf(connection: Connection, vault: Vault): Account {
  return {
    connectionId: connection.id,
    label: connection.label,
    organizationId: connection.organizationId,
    key: vault.open(connection.credentials, keyBinding(connection.id)),
    quotaKey: connection.quotaKey,
    settings: connection.settings,
    createdAt: connection.createdAt,
  };
}

/** One that has ended stays so. Returns whether the state was set. */
export async function setConnectionState(
  db: Queryable,
  id: string,
  { state, reason, now }: { state: ConnectionState; reason: string | null; now: Date },
): Promise<boolean> {
  const rows = await db
    .update(connections)
    .set({ state, stateReason: reason, updatedAt: now })
    .where(and(eq(connections.id, id), notInArray(connections.state, [...endedStates])))
    .returning({ id: connections.id });
  return rows.length > 0;
}

/** Adds to the settings, leaving what is not named as it is. */
export async function patchSettings(
  db: Queryable,
  id: string,
  { patch, now }: { patch: Record<string, unknown>; now: Date },
): Promise<void> {
  await db
    .update(connections)
    .set({
      settings: sql`${connections.settings} || ${JSON.stringify(patch)}::jsonb`,
      updatedAt: now,
    })
    .where(eq(connections.id, id));
}

export async function noteHeard(db: Queryable, id: string, now: Date): Promise<void> {
  await db.update(connections).set({ lastHeardAt: now }).where(eq(connections.id, id));
}

/**
 * Does the connection still work with the key that this was read with? What was answered to a key that
 * has been replaced since says nothing about the new one. [F2] [P5]
 */
export async function keyIsCurrent(
  db: Queryable,
  { id, quotaKey }: Pick<Connection, 'id' | 'quotaKey'>,
): Promise<boolean> {
  return (await connectionById(db, id))?.quotaKey === quotaKey;
}

/**
 * What a failed call means for the whole connection. A refused key needs a person at once [F1]; a
 * changed shape marks it degraded, and work goes on. The others say nothing about the connection.
 *
 * connection  as it was read before the call: with the key that was refused. [F2]
 * Returns     true when the state changed.
 */
export async function noteConnectionFailure(
  db: Queryable,
  connection: Connection,
  { failure, now }: { failure: Failure; now: Date },
): Promise<boolean> {
  const change = stateAfter(failure);
  if (!change || connection.state === 'paused') return false;
  if (change.state === 'degraded' && connection.state !== 'connected') return false;
  const rows = await db
    .update(connections)
    .set({ state: change.state, stateReason: change.reason, updatedAt: now })
    .where(
      sql`${connections.id} = ${connection.id} and ${connections.state} = ${connection.state}
        and ${connections.quotaKey} = ${connection.quotaKey}`,
    )
    .returning({ id: connections.id });
  return rows.length > 0 && connection.state !== change.state;
}

function stateAfter(failure: Failure): { state: ConnectionState; reason: string } | null {
  if (failure.kind === 'unauthorised') {
    const words = {
      401: 'refused the key',
      402: 'reports a payment problem',
      403: 'denies access',
      404: 'does not know this account',
    };
    return {
      state: 'needs_attention',
      reason: `The provider ${words[failure.status]} (${failure.status}): ${failure.detail}`,
    };
  }
  if (failure.kind === 'surprising') {
    return {
      state: 'degraded',
      reason: `Some records have a shape KiEX does not know (${failure.path}).`,
    };
  }
  return null;
}

/** Degraded ends when no surprise is open any more. */
export async function clearDegraded(db: Queryable, id: string, now: Date): Promise<void> {
  await db
    .update(connections)
    .set({ state: 'connected', stateReason: null, updatedAt: now })
    .where(
      sql`${connections.id} = ${id} and ${connections.state} = 'degraded' and not exists (
        select from ${failures} where ${failures.connectionId} = ${id}
          and ${failures.kind} = 'surprising' and ${failures.state} in ('retrying', 'dead'))`,
    );
}
