import { type Connection, connectionById } from '#src/sync/connections.ts';
import type { Connector } from '#src/sync/connector.ts';
import type { Parts } from '#src/sync/parts.ts';

/** The connector of a provider that a connection names. Throws when KiEX has none. */
export function connectorOf(parts: Parts, provider: string): Connector {
  const connector = parts.connectors.get(provider);
  if (!connector) throw new Error(`no connector for ${provider}`);
  return connector;
}

/** A connection that a page or a command has just named. Throws when there is none. */
export async function connectionOrThrow(parts: Parts, id: string): Promise<Connection> {
  const connection = await connectionById(parts.db, id);
  if (!connection) throw new Error(`no connection ${id}`);
  return connection;
}
