import { and, eq } from 'drizzle-orm';
import { accountFieldOf } from '#src/sync/accountFields.ts';
import type { Connection } from '#src/sync/connections.ts';
import type { Connector } from '#src/sync/connector.ts';
import type { Parts } from '#src/sync/parts.ts';
import { recogniseAccount } from '#src/sync/recognise.ts';
import { connections } from '#src/sync/tables.ts';
import type { NewConnection } from './commands.ts';
import { callWith } from './keys.ts';
import { connectorOf } from './known.ts';

/** Connections that have ended and are tried with a new key: more would make adding one slow. */
const formerMax = 20;

const ELSEWHERE =
  'This account was connected before, for another employer. Ask the people behind KiEX.';

/**
 * Is this the key of an account that was connected before? As a connection of its own it would bring
 * every job in a second time.
 * Returns  what to do instead, in words; null when the account is new here, or cannot be told.
 */
export async function formerAccount(parts: Parts, input: NewConnection): Promise<string | null> {
  const former = await parts.db
    .select()
    .from(connections)
    .where(and(eq(connections.provider, input.provider), eq(connections.state, 'disconnected')))
    .limit(formerMax);
  const connector = connectorOf(parts, input.provider);
  for (const connection of former) {
    if (isOfAnother(connector, connection, input)) continue;
    const call = callWith(parts, connector, { key: input.key.trim(), connection });
    const known = await recogniseAccount(parts, connection, call);
    if (known.kind !== 'same') continue;
    // An employer's person is told of no other employer.
    if (input.organizationId && input.organizationId !== connection.organizationId)
      return ELSEWHERE;
    return `This is the account of “${connection.label}”, which was disconnected. Reconnect it there: its jobs and applications go on, and none comes twice.`;
  }
  return null;
}

/** What names the account beside the key says that it is another one. */
const isOfAnother = (
  { accountFields = [] }: Connector,
  { settings }: Connection,
  { account = {} }: NewConnection,
) =>
  accountFields.some(({ name, read }) => {
    const given = account[name] ? read(account[name]) : null;
    const former = accountFieldOf(settings, name);
    return given && 'value' in given && former !== '' && given.value !== former;
  });
