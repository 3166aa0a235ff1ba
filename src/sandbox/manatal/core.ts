import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';
import { type Background, createBackground } from '../background.ts';
import { type MovableClock, movableClock } from '../movableClock.ts';
import { createStamps, type Stamp } from './instants.ts';
import type { AccountRow } from './rows.ts';
import { openStore, SHARED, type Store } from './store.ts';
import { initialSwitches, readSwitches, type Switches } from './switches.ts';

/** What the simulator calls out with: webhook deliveries, and fetching resumes. */
export type Outgoing = (url: string, init?: RequestInit) => Promise<Response>;

/** Who changes something. Only the key's own writes count as self-caused. */
export type Actor = { by: 'api' } | { by: 'recruiter'; user: number } | { by: 'public' };

/** What all parts of the simulator share. */
export interface Core {
  clock: MovableClock;
  random: Random;
  store: Store;
  stamp: Stamp;
  background: Background;
  outgoing: Outgoing;
  /** The folder that holds fetched files; null keeps them in memory. */
  filesFolder: string | null;
  switches(): Switches;
  /** Sets switches and keeps them. Throws on a name or value that does not exist. */
  set(changed: Partial<Switches>): void;
  /** Moves the simulator's clock forward, for good. */
  shiftClock(milliseconds: number): void;
  /** Origin of the signed links: where the Open API is served. */
  publicOrigin: string;
  accounts(): readonly AccountRow[];
}

/** Puts the parts together and reads back what an earlier process kept. */
export function createCore(options: {
  clock: Clock;
  random: Random;
  outgoing: Outgoing;
  journalFile?: string;
}): Core {
  const store = openStore(options.journalFile);
  const settings = store.table(SHARED, 'settings');
  const kept = settings.get(1);
  const clock = movableClock(options.clock, kept?.shiftedMilliseconds);
  let switches = { ...initialSwitches(), ...readSwitches(kept?.switches ?? {}).switches };

  const keep = () =>
    store.put(SHARED, 'settings', {
      id: 1,
      switches,
      shiftedMilliseconds: clock.shiftedMilliseconds(),
    });

  return {
    clock,
    random: options.random,
    store,
    stamp: createStamps(clock, options.random),
    background: createBackground(clock),
    outgoing: options.outgoing,
    filesFolder: options.journalFile ? `${options.journalFile}.files` : null,
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
    publicOrigin: 'https://files.manatal-simulator.example',
    accounts: () => store.table(SHARED, 'accounts').rows,
  };
}

/** The user a write is signed with; null for a public applicant. */
export function userOf(account: AccountRow, actor: Actor): number | null {
  if (actor.by === 'public') return null;
  return actor.by === 'api' ? account.keyUser : actor.user;
}
