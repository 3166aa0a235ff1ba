import path from 'node:path';
import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';
import type { Outgoing } from './core.ts';
import { serveWixSimulator, type WixServing } from './serve.ts';
import { createWixSimulator, type WixSimulator } from './simulator.ts';

export interface WixSandbox extends WixServing {
  simulator: WixSimulator;
  /** What KiEX connects to. The keys open only the simulator. */
  sites: readonly SandboxSite[];
}

export interface SandboxSite {
  name: string;
  key: string;
  siteId: string;
  accountId: string;
}

/** Made-up websites of one made-up college: each with a member who may be the author of posts. */
const WORLD = {
  account: { name: 'Island Careers College', id: '6c1d2e30-0a4b-4c5d-8e6f-7a8b9c0d1e2f' },
  key: 'IST.sandbox-key-of-the-island-careers-college',
  sites: [
    {
      name: 'Island Careers',
      id: '1f0e2d3c-4b5a-4968-8776-655443322110',
      author: { loginEmail: 'jobs@island-careers.example', nickname: 'Island Careers' },
    },
    {
      name: 'Alumni of the Islands',
      id: '2a1b3c4d-5e6f-4071-9283-94a5b6c7d8e9',
      author: { loginEmail: 'office@alumni-islands.example', nickname: 'Alumni Office' },
    },
  ],
} as const;

/** People who wrote to the first of the websites. Made up. */
const PEOPLE = [
  { first: 'Lani', last: 'Cruz', phone: '671-555-0142', city: 'Yona', country: 'GU' },
  { first: 'Tavita', last: 'Ngiraked', phone: '680-488-5555', city: 'Koror', country: 'PW' },
  { first: 'Josepha', last: 'Mendiola', phone: '670-555-0171', city: 'Garapan', country: 'MP' },
  { first: 'Kesia', last: 'Nanpei', phone: '691-320-2345', city: 'Kolonia', country: 'FM' },
  { first: 'Neimon', last: 'Lokeijak', phone: '692-625-3456', city: 'Majuro', country: 'MH' },
];

/**
 * Starts the simulator with its kept state, and fills it on the first start. The caller sees to it
 * that no other process does so with the same folder.
 *
 * folder  where it keeps its state.
 */
export async function startWixSandbox(options: {
  folder: string;
  port: number;
  clock: Clock;
  random: Random;
  outgoing: Outgoing;
}): Promise<WixSandbox> {
  const { folder, port, ...parts } = options;
  const journalFile = path.join(folder, 'wix.jsonl');
  const simulator = createWixSimulator({ ...parts, journalFile });
  if (simulator.accounts().length === 0) simulator.batch(() => fill(simulator));
  const serving = await serveWixSimulator({ simulator, port });
  const sites = WORLD.sites.map(({ name, id }) => ({
    ...{ name, key: WORLD.key, siteId: id, accountId: WORLD.account.id },
  }));
  return { ...serving, simulator, sites };
}

function fill(simulator: WixSimulator): void {
  const { id: account } = simulator.addAccount(WORLD.account);
  for (const { name, id, author } of WORLD.sites) {
    simulator.addSite({ account, name, id });
    simulator.editor(id).joins(author);
  }
  const editor = simulator.editor(WORLD.sites[0].id);
  for (const { first, last, phone, city, country } of PEOPLE) {
    const email = `${first}.${last}@islands.example`.toLowerCase();
    editor.addsContact({
      name: { first, last },
      emails: { items: [{ tag: 'MAIN', email, primary: true }] },
      phones: { items: [{ tag: 'MOBILE', countryCode: country, phone, primary: true }] },
      addresses: { items: [{ tag: 'HOME', address: { city, country } }] },
    });
  }
  simulator.addKey({ account, key: WORLD.key, label: 'KiEX' });
}
