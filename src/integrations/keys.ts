import { and, eq, notInArray, sql } from 'drizzle-orm';
import { ring, runBell, subscriptionBell } from '#src/sync/bells.ts';
import {
  type Connection,
  type ConnectionState,
  endedStates,
  isEnded,
  isWorking,
  keyBinding,
} from '#src/sync/connections.ts';
import type { CallContext, Connector } from '#src/sync/connector.ts';
import { hurryFailures } from '#src/sync/deadLetters.ts';
import { takeUpAgain } from '#src/sync/disconnect.ts';
import { workplaceCall } from '#src/sync/engine.ts';
import type { Parts } from '#src/sync/parts.ts';
import { recogniseAccount } from '#src/sync/recognise.ts';
import { connections, runs } from '#src/sync/tables.ts';
import type { NewKey, Outcome, ProbeLine } from './commands.ts';
import { connectionOrThrow, connectorOf } from './known.ts';
import { readKey, shownOf } from './newConnection.ts';
import { inWords, probe } from './probing.ts';
import { noteStaff } from './staffNote.ts';

/** Probes a key that is saved nowhere. */
export async function testKey(
  parts: Parts,
  connector: Connector,
  given: { key: string; settings?: Readonly<Record<string, unknown>> },
): Promise<ProbeLine[]> {
  return probe(connector, callWith(parts, connector, given));
}

/** Probes a saved connection and stores the state it finds. */
export async function testConnection(parts: Parts, connectionId: string): Promise<ProbeLine[]> {
  const connection = await connectionOrThrow(parts, connectionId);
  if (isEnded(connection)) return [hasEnded];
  const connector = connectorOf(parts, connection.provider);
  const lines = await probe(connector, workplaceCall(parts, connection, 'person'));
  await storeTest(parts, connection, lines);
  // Beside everything else: registering takes a few seconds, for which nobody need wait.
  await ring(parts, subscriptionBell(connectionId));
  return lines;
}

const hasEnded: ProbeLine = {
  capability: 'Sign in',
  ok: false,
  words: 'This connection was disconnected: its key is destroyed.',
  remedy: 'Connect it again with a key of the same account.',
};

/**
 * Puts a new key of the same account in the place of the old one: probed and recognised beside the
 * old one, which goes on working, then switched in one statement. Calls under way with the old key
 * come to their end, and what is answered to them no longer touches the connection. [P5] [F2]
 */
export async function replaceKey(
  parts: Parts,
  { connectionId, key: pasted, sameAccount }: NewKey,
  by: string,
): Promise<Outcome<{ lines: ProbeLine[] }>> {
  const connection = await connectionOrThrow(parts, connectionId);
  const connector = connectorOf(parts, connection.provider);
  const refuse = (words: string) => ({
    ok: false as const,
    errors: { key: connection.state === 'disconnected' ? words : `${words} The old key is kept.` },
  });
  const read = readKey(connector, pasted);
  if ('problem' in read) return { ok: false, errors: { key: read.problem } };
  const { key } = read;
  if (connection.state === 'disconnecting') return refuse(ENDING);
  const lines = await testKey(parts, connector, { key, settings: connection.settings });
  const needed = lines.filter(({ isOptional }) => !isOptional);
  const barred = needed.find(({ failure }) => failure?.kind === 'unauthorised');
  const refusal = barred ?? (needed.some(({ ok }) => ok) ? null : needed[0]);
  if (refusal) return refuse(refusal.words);
  const call = callWith(parts, connector, { key, connection });
  const known = await recogniseAccount(parts, connection, call);
  if (known.kind === 'another' && !sameAccount)
    return refuse(anotherWords(connection, known.looked));
  if (known.kind === 'failed') {
    const { words } = inWords(known.failure, connector.label);
    return refuse(`Whether it is the same account could not be seen. ${words} Try again.`);
  }
  const shown = shownOf(connector, key);
  const { quotaKey } = call.account;
  if (!(await switchKey(parts, connection, { key, shown, quotaKey, lines }))) return refuse(ENDING);
  const again = connection.state === 'disconnected';
  await noteStaff(parts, connectionId, { action: again ? 'reconnected' : 'key replaced', by });
  await wakeHeldWork(parts, connectionId);
  await ring(parts, subscriptionBell(connectionId));
  return { ok: true, value: { lines } };
}

const ENDING = 'This connection is being disconnected just now. Wait until that is done.';

const anotherWords = ({ label }: Connection, looked: number) =>
  `This key opens another account: of ${looked} records that KiEX knows from “${label}”, none is there. ` +
  'For another account, add a connection of its own. If it is the same account and all of them were changed ' +
  'or removed there, say so and paste the key again.';

/**
 * One statement: there is no moment in which the connection has no key, or the old one's state.
 * Returns  false when the connection has begun to end.
 */
async function switchKey(
  parts: Parts,
  connection: Connection,
  {
    key,
    shown,
    quotaKey,
    lines,
  }: { key: string; shown: string; quotaKey: string; lines: ProbeLine[] },
): Promise<boolean> {
  const now = parts.clock.now();
  const { state, reason } = stateFound(lines);
  const unlessPaused = (value: string | null, column: typeof connections.state) =>
    sql`case when ${connections.state} = 'paused' then ${column} else ${value} end`;
  const wasOver = connection.state === 'disconnected';
  const switched = await parts.db.transaction(async (tx) => {
    const rows = await tx
      .update(connections)
      .set({
        credentials: parts.vault.seal(key, keyBinding(connection.id)),
        keyLastFour: shown,
        quotaKey,
        state: unlessPaused(state, connections.state),
        stateReason: sql`case when ${connections.state} = 'paused'
        then ${connections.stateReason} else ${reason} end`,
        testedAt: now,
        updatedAt: now,
      })
      .where(
        and(
          eq(connections.id, connection.id),
          wasOver
            ? eq(connections.state, 'disconnected')
            : notInArray(connections.state, [...endedStates]),
        ),
      )
      .returning({ id: connections.id });
    if (rows.length > 0 && wasOver) await takeUpAgain(tx, parts, connection.id);
    return rows.length > 0;
  });
  await parts.live.publish('connections');
  return switched;
}

/** What a test found, as a state of the connection. */
function stateFound(lines: ProbeLine[]): { state: ConnectionState; reason: string | null } {
  const bad = lines.filter((line) => !line.ok && !line.isOptional);
  const barred = bad.find((line) => line.failure?.kind === 'unauthorised');
  const state = barred ? 'needs_attention' : bad.length > 0 ? 'degraded' : 'connected';
  return { state, reason: (barred ?? bad[0])?.words ?? null };
}

/** A paused connection stays paused; a key that was replaced meanwhile says nothing any more. [F2] */
async function storeTest(parts: Parts, connection: Connection, lines: ProbeLine[]): Promise<void> {
  const now = parts.clock.now();
  const { state, reason } = stateFound(lines);
  // While paused it stays so, whatever works.
  const found = connection.state === 'paused' ? {} : { state, stateReason: reason };
  const stored = await parts.db
    .update(connections)
    .set({ testedAt: now, updatedAt: now, ...found })
    .where(
      and(
        eq(connections.id, connection.id),
        eq(connections.quotaKey, connection.quotaKey),
        notInArray(
          connections.state,
          connection.state === 'paused' ? [...endedStates] : [...endedStates, 'paused'],
        ),
      ),
    )
    .returning({ id: connections.id });
  if (stored.length === 0 || connection.state === 'paused') return;
  if (!isWorking(connection) && state !== 'needs_attention')
    await wakeHeldWork(parts, connection.id);
  await parts.live.publish('connections');
}

/** Runs that were held go on from their checkpoints, and failed records are tried at once. */
export async function wakeHeldWork(parts: Parts, connectionId: string): Promise<void> {
  const woken = await parts.db
    .update(runs)
    .set({ state: 'waiting', reason: null, nextTryAt: null })
    .where(and(eq(runs.connectionId, connectionId), eq(runs.state, 'held')))
    .returning();
  for (const run of woken) await ring(parts, runBell(run));
  await hurryFailures(parts.db, connectionId, parts.clock.now());
}

export function callWith(
  parts: Parts,
  connector: Connector,
  {
    key,
    connection,
    settings = connection?.settings ?? {},
  }: { key: string; connection?: Connection; settings?: Readonly<Record<string, unknown>> },
): CallContext {
  const account = {
    connectionId: connection?.id ?? 'not saved',
    label: connection?.label ?? 'not saved',
    organizationId: connection?.organizationId ?? null,
    key,
    quotaKey: connector.quotaKeyOf(key, settings),
    settings,
    createdAt: parts.clock.now(),
  };
  return { account, lane: 'person' };
}
