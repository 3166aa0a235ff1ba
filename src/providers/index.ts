import type { Connector } from '#src/sync/connector.ts';
import type { ManatalParts } from './manatal/client.ts';
import { createManatal, type ManatalSettings } from './manatal/manatal.ts';

/** Every provider KiEX knows. A new one is a folder and a line here. */
export function createConnectors(settings: {
  manatal: ManatalParts & ManatalSettings;
}): ReadonlyMap<string, Connector> {
  const connectors = [createManatal(settings.manatal, settings.manatal)];
  return new Map(connectors.map((connector) => [connector.provider, connector]));
}
