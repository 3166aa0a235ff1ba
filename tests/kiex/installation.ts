import { makeDataDir } from './dataFolder.ts';
import { freePorts } from './ports.ts';

export type Settings = Record<string, string>;

/** One KiEX of its own: a data folder and ports that nobody else uses. Nothing runs yet. */
export interface Installation {
  dataDir: string;
  /** Where its pages will be. */
  url: string;
  /** Where the recruiter will act in its simulated Manatal; ends in a slash. */
  inspectorUrl: string;
  /** Where one will act on its simulated website; ends in a slash. */
  websiteUrl: string;
  settings: Settings;
}

/** Lets KiEX call Manatal as fast as it can: the board is filled ten seconds sooner. */
export const unpaced: Settings = { KIEX_MANATAL_CALLS_PER_MINUTE: '0' };

/** wanted  settings beside those of the place itself. `cleanUp` removes the folder. */
export async function makeInstallation(wanted: Settings = {}): Promise<Installation> {
  const [port, manatalPort, manahookPort, wixPort] = await freePorts(4);
  const dataDir = makeDataDir();
  return {
    dataDir,
    url: `http://127.0.0.1:${port}`,
    inspectorUrl: `http://127.0.0.1:${manatalPort}/admin/`,
    websiteUrl: `http://127.0.0.1:${wixPort}/admin/`,
    settings: {
      PORT: String(port),
      KIEX_SANDBOX_MANATAL_PORT: String(manatalPort),
      KIEX_SANDBOX_MANAHOOK_PORT: String(manahookPort),
      KIEX_SANDBOX_WIX_PORT: String(wixPort),
      KIEX_DATA_DIR: dataDir,
      ...wanted,
    },
  };
}
