import fs from 'node:fs';
import path from 'node:path';
import type { Config } from '#src/config.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';
import type { Outgoing } from './manatal/core.ts';
import { serveManatalSimulator } from './manatal/serve.ts';
import { createManatalSimulator } from './manatal/simulator.ts';
import { seedWorld, WORLD_ACCOUNTS } from './world.ts';

/** Where the running simulators answer; other processes of the same installation read it. */
export interface SandboxAddresses {
  manatalUrl: string;
  manahookUrl: string;
  inspectorUrl: string;
}

export interface Sandbox {
  addresses: SandboxAddresses;
  /** True when a wanted port was taken and a free one was chosen. */
  portWasTaken: boolean;
  /** What KiEX connects to. The keys open only the simulator. */
  accounts: readonly { label: string; key: string; organizationName: string }[];
  close(): Promise<void>;
}

const folderOf = (config: Config) => path.join(config.dataDir, 'sandbox');
const addressFile = (config: Config) => path.join(folderOf(config), 'addresses.json');

/** Starts the simulators with their kept state, and fills them on the first start. */
export async function startSandbox(options: {
  config: Config;
  clock: Clock;
  random: Random;
  outgoing: Outgoing;
}): Promise<Sandbox> {
  const { config, clock, random, outgoing } = options;
  fs.mkdirSync(folderOf(config), { recursive: true });
  const journalFile = path.join(folderOf(config), 'manatal.jsonl');
  const simulator = createManatalSimulator({ clock, random, outgoing, journalFile });
  seedWorld(simulator, clock, random);
  const serving = await serveManatalSimulator({
    simulator,
    port: config.sandbox.manatalPort,
    manahookPort: config.sandbox.manahookPort,
  });
  const addresses = {
    manatalUrl: `${serving.url}/open/v3`,
    manahookUrl: `${serving.manahookUrl}/v1`,
    inspectorUrl: serving.inspectorUrl,
  };
  fs.writeFileSync(addressFile(config), JSON.stringify(addresses));
  return {
    addresses,
    portWasTaken: serving.portWasTaken,
    accounts: WORLD_ACCOUNTS.map(({ label, key }) => ({
      label: `Manatal · ${label}`,
      key,
      organizationName: label,
    })),
    close: () => serving.close(),
  };
}

/** Where the simulators of this installation answer, as their process wrote it; null before the first start. */
export function sandboxAddresses(config: Config): SandboxAddresses | null {
  try {
    return JSON.parse(fs.readFileSync(addressFile(config), 'utf8')) as SandboxAddresses;
  } catch {
    return null;
  }
}
