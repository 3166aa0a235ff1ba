import fs from 'node:fs';
import path from 'node:path';
import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';
import { isServedElsewhere, noteAddresses, type SandboxAddresses } from './addresses.ts';
import type { Outgoing } from './manatal/core.ts';
import { serveManatalSimulator } from './manatal/serve.ts';
import { createManatalSimulator } from './manatal/simulator.ts';
import { startWixSandbox, type WixSandbox } from './wix/start.ts';
import { seedWorld, WORLD_ACCOUNTS } from './world.ts';

export interface Sandbox {
  addresses: SandboxAddresses;
  /** True when a wanted port was taken and a free one was chosen. */
  portWasTaken: boolean;
  /** What KiEX connects to. The keys open only the simulator. */
  accounts: readonly SandboxAccount[];
  close(): Promise<void>;
}

export interface SandboxAccount {
  provider: string;
  label: string;
  key: string;
  organizationName: string;
  /** What names the account beside its key. */
  account?: Record<string, string>;
}

/**
 * Starts the simulators with their kept state, and fills them on the first start.
 *
 * folder   where they keep their state.
 * Returns  null when another process serves this folder's simulators already.
 */
export async function startSandbox(options: {
  folder: string;
  /** wix: null where none is simulated. */
  ports: { manatal: number; manahook: number; wix: number | null };
  clock: Clock;
  random: Random;
  outgoing: Outgoing;
}): Promise<Sandbox | null> {
  const { folder, ports, clock, random, outgoing } = options;
  if (await isServedElsewhere(folder)) return null;
  fs.mkdirSync(folder, { recursive: true });
  const journalFile = path.join(folder, 'manatal.jsonl');
  const simulator = createManatalSimulator({ clock, random, outgoing, journalFile });
  seedWorld(simulator, clock, random);
  const serving = await serveManatalSimulator({
    simulator,
    port: ports.manatal,
    manahookPort: ports.manahook,
  });
  const website = { folder, clock, random, outgoing };
  const wix = ports.wix === null ? null : await startWixSandbox({ ...website, port: ports.wix });
  const addresses = {
    manatalUrl: `${serving.url}/open/v3`,
    manahookUrl: `${serving.manahookUrl}/v1`,
    inspectorUrl: serving.inspectorUrl,
    wix: wix && { url: wix.url, inspectorUrl: wix.inspectorUrl },
  };
  noteAddresses(folder, addresses);
  return {
    addresses,
    portWasTaken: serving.portWasTaken || wix?.portWasTaken === true,
    accounts: [
      ...WORLD_ACCOUNTS.map(({ label, key }) => ({
        ...{ provider: 'manatal', label, key, organizationName: label },
      })),
      ...(wix ? websiteOf(wix) : []),
    ],
    async close() {
      await wix?.close();
      await serving.close();
    },
  };
}

/** The first of the websites; another is there to be connected by hand. */
const websiteOf = ({ sites }: WixSandbox): SandboxAccount[] =>
  sites.slice(0, 1).map(({ name, key, siteId, accountId }) => ({
    ...{ provider: 'wix', label: `Website · ${name}`, key, organizationName: '' },
    account: { siteId, accountId },
  }));
