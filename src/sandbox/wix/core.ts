import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';
import { type Background, createBackground } from '../background.ts';
import { type MovableClock, movableClock } from '../movableClock.ts';
import type { SiteRow } from './siteRows.ts';
import { openStore, SHARED, type Store } from './store.ts';
import { initialSwitches, readSwitches, type Switches } from './switches.ts';

/** What the simulator calls out with: webhook deliveries. */
export type Outgoing = (url: string, init?: RequestInit) => Promise<Response>;

/** Who changes something; events say so. */
export type Actor =
  | { by: 'key' }
  | { by: 'owner' }
  | { by: 'visitor'; visitorId: string }
  | { by: 'member'; memberId: string };

/** What all parts of the simulator share. */
export interface Core {
  clock: MovableClock;
  random: Random;
  store: Store;
  background: Background;
  outgoing: Outgoing;
  /** A new id as Wix writes them: lower-case, of chance. */
  newGuid(): string;
  /** The present instant, with milliseconds. */
  now(): string;
  switches(): Switches;
  /** Sets switches and keeps them. Throws on a name or value that does not exist. */
  set(changed: Partial<Switches>): void;
  /** Moves the simulator's clock forward, for good. */
  shiftClock(milliseconds: number): void;
}

/** One site and who is at work on it. */
export interface Scene {
  core: Core;
  site: SiteRow;
  actor: Actor;
}

/** Puts the parts together and reads back what an earlier process kept. */
export function createCore(options: {
  clock: Clock;
  random: Random;
  outgoing: Outgoing;
  journalFile?: string;
}): Core {
  const { random, outgoing } = options;
  let clock = movableClock(options.clock);
  const store = openStore({
    now: () => clock.now().getTime(),
    ...(options.journalFile ? { journalFile: options.journalFile } : {}),
  });
  const kept = store.get(SHARED, 'settings', 'settings');
  clock = movableClock(options.clock, kept?.shiftedMilliseconds);
  let switches = { ...initialSwitches(), ...readSwitches(kept?.switches ?? {}).switches };

  const keep = () =>
    store.put(SHARED, 'settings', {
      id: 'settings',
      switches,
      shiftedMilliseconds: clock.shiftedMilliseconds(),
    });

  return {
    clock,
    random,
    store,
    background: createBackground(clock),
    outgoing,
    newGuid: () => guidOf(random.bytes(16)),
    now: () => clock.now().toISOString(),
    switches: () => switches,
    set(changed) {
      const [problem] = Object.entries(readSwitches(changed).problems);
      if (problem) throw new RangeError(`${problem[0]}: ${problem[1]}`);
      switches = { ...switches, ...changed };
      keep();
    },
    shiftClock(milliseconds) {
      clock.shift(milliseconds);
      keep();
    },
  };
}

function guidOf(bytes: Uint8Array): string {
  const marked = bytes.map((byte, at) =>
    at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte,
  );
  const hex = Buffer.from(marked).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
