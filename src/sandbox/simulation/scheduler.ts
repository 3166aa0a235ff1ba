import type { Clock } from '#src/platform/clock.ts';
import type { Random } from '#src/platform/random.ts';

/** One life of a simulated process, from its start to its kill. */
export interface Life {
  readonly name: string;
  isDead: boolean;
  /** How far its clock is off. */
  offsetMilliseconds: number;
  /** It gets no turn before this virtual instant: a pause of the machine. */
  stalledUntil: number;
}

export const newLife = (name: string): Life => ({
  name,
  isDead: false,
  offsetMilliseconds: 0,
  stalledUntil: 0,
});

/** Something a process wants to do at a border: it waits here until it is picked. */
interface Step {
  life: Life;
  isReady(): boolean;
  take(): Promise<void>;
  /** For a request that is on the wire when its process dies: it may arrive all the same. */
  afterDeath?: () => void;
}

interface Timer {
  at: number;
  life: Life;
  fire(): void;
}

/** One thing that can happen next. */
export interface Candidate {
  life: Life;
  take(): Promise<void> | void;
}

/** Where further candidates come from: doorbells that wait for a worker. */
export interface Source {
  candidates(now: number): Candidate[];
  /** When the next one becomes due, or null. */
  nextAt(): number | null;
}

export interface Scheduler {
  now(): number;
  /** Waits to be picked, then runs. Never settles once the life has ended. */
  step<T>(
    life: Life,
    run: () => T | Promise<T>,
    options?: { isReady?: () => boolean; afterDeath?: () => void },
  ): Promise<T>;
  clockOf(life: Life): Clock;
  addSource(source: Source): void;
  /** Called before each pick; faults that strike a process strike here. */
  onPick(strike: () => Promise<void> | void): void;
  /** Forgets everything a dead life waits for; `arrives` decides for each request on the wire. */
  bury(life: Life, arrives: () => boolean): void;
  /** Lets things happen until this instant, or until `isDone` says so between two steps. */
  runUntil(until: number, isDone?: () => boolean): Promise<void>;
  /** How many things have happened. */
  steps(): number;
}

/** A step takes this long at most, in virtual milliseconds. */
const stepMillisecondsMax = 3;
/** A run that needs more is work that feeds itself. */
const stepsMax = 2_000_000;

/**
 * The only place where anything asynchronous happens: every border operation of every simulated
 * process waits here, and one after the other is picked by seeded chance.
 *
 * Between two borders a process only has microtasks and `nextTick`s, which all run before the next
 * `setImmediate`; so after one such turn everybody waits here, whatever the machine was doing.
 *
 * stickiness  chance that the process that acted last goes on, while it can.
 * turns       how many turns to wait until everybody waits; more than one must change nothing.
 */
export function createScheduler(options: {
  random: Random;
  start: number;
  stickiness: number;
  turns: number;
}): Scheduler {
  const { random, stickiness, turns } = options;
  let now = options.start;
  let parked: Step[] = [];
  let timers: Timer[] = [];
  let strike: () => Promise<void> | void = () => undefined;
  let last: Life | null = null;
  let steps = 0;
  const sources: Source[] = [];

  function sleep(life: Life, milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (life.isDead) return never();
    if (signal?.aborted || milliseconds <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer: Timer = { at: now + milliseconds, life, fire: resolve };
      timers.push(timer);
      const stop = () => {
        timers = timers.filter((other) => other !== timer);
        resolve();
      };
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  function step<T>(
    life: Life,
    run: () => T | Promise<T>,
    { isReady = always, afterDeath }: { isReady?: () => boolean; afterDeath?: () => void } = {},
  ): Promise<T> {
    if (life.isDead) return never();
    return new Promise<T>((resolve, reject) => {
      const take = async () => {
        try {
          const value = await run();
          if (!life.isDead) resolve(value);
        } catch (error) {
          if (!life.isDead) reject(error);
        }
      };
      parked.push({ life, isReady, take, ...(afterDeath ? { afterDeath } : {}) });
    });
  }

  const isAwake = (life: Life) => life.stalledUntil <= now;

  function candidates(): Candidate[] {
    const found: Candidate[] = [];
    for (const waiting of parked) {
      if (!isAwake(waiting.life) || !waiting.isReady()) continue;
      const take = () => {
        parked = parked.filter((other) => other !== waiting);
        return waiting.take();
      };
      found.push({ life: waiting.life, take });
    }
    for (const timer of timers) {
      if (timer.at > now || !isAwake(timer.life)) continue;
      const take = () => {
        timers = timers.filter((other) => other !== timer);
        timer.fire();
      };
      found.push({ life: timer.life, take });
    }
    for (const source of sources) found.push(...source.candidates(now));
    return found;
  }

  function pick(found: Candidate[]): Candidate {
    const same = found.filter(({ life }) => life === last);
    const among = same.length > 0 && random.fraction() < stickiness ? same : found;
    return among[random.integer(among.length)]!;
  }

  /** The next instant at which something may become possible. */
  function nextInstant(): number | null {
    let next: number | null = null;
    const offer = (at: number) => {
      if (at > now && (next === null || at < next)) next = at;
    };
    for (const timer of timers) offer(Math.max(timer.at, timer.life.stalledUntil));
    for (const waiting of parked) offer(waiting.life.stalledUntil);
    for (const source of sources) offer(source.nextAt() ?? 0);
    return next;
  }

  return {
    now: () => now,
    step,
    steps: () => steps,
    clockOf: (life) => ({
      now: () => new Date(now + life.offsetMilliseconds),
      sleep: (milliseconds, signal) => sleep(life, milliseconds, signal),
    }),
    addSource: (source) => void sources.push(source),
    onPick(striking) {
      strike = striking;
    },
    bury(life, arrives) {
      const dropped = parked.filter((waiting) => waiting.life === life);
      parked = parked.filter((waiting) => waiting.life !== life);
      timers = timers.filter((timer) => timer.life !== life);
      for (const { afterDeath } of dropped) if (afterDeath && arrives()) afterDeath();
    },
    async runUntil(until, isDone = () => false) {
      for (;;) {
        for (let turn = 0; turn < turns; turn++) await everybodyWaits();
        if (isDone()) return;
        await strike();
        const found = candidates();
        if (found.length === 0) {
          const next = nextInstant();
          if (next === null || next > until) {
            now = Math.max(now, until);
            return;
          }
          now = next;
          continue;
        }
        if (++steps > stepsMax) throw new Error('the world does not come to rest');
        const chosen = pick(found);
        last = chosen.life;
        now += random.integer(stepMillisecondsMax);
        await chosen.take();
      }
    },
  };
}

const always = () => true;
const never = () => new Promise<never>(() => undefined);
const everybodyWaits = () => new Promise<void>((resolve) => setImmediate(resolve));
