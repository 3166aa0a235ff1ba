import type { Connector } from '#src/sync/connector.ts';
import type { ManatalParts } from './manatal/client.ts';
import { createManatal, type ManatalSettings } from './manatal/manatal.ts';
import type { CareerPageParts } from './manatalCareerPage/client.ts';
import { createManatalCareerPage } from './manatalCareerPage/manatalCareerPage.ts';
import type { WixParts } from './wix/client.ts';
import { createWix } from './wix/wix.ts';

/** What each connector is made with, by its provider. */
export interface ConnectorSettings {
  manatal: ManatalParts & ManatalSettings;
  /** As for an account with a key, unless told otherwise: the host is the same. */
  manatalCareerPage?: CareerPageParts & Pick<ManatalSettings, 'publish'>;
  /** Missing: no website can be connected. */
  wix?: WixParts;
}

/** Every provider KiEX knows. A new one is a folder and a line here. */
export function createConnectors(settings: ConnectorSettings): ReadonlyMap<string, Connector> {
  const { manatal, manatalCareerPage = manatal, wix } = settings;
  const connectors = [
    createManatal(manatal, manatal),
    createManatalCareerPage(manatalCareerPage, manatalCareerPage),
    ...(wix ? [createWix(wix)] : []),
  ];
  return new Map(connectors.map((connector) => [connector.provider, connector]));
}
