import type { Random } from '#src/platform/random.ts';
import type { Life, Scheduler } from './scheduler.ts';
import type { FaultSettings } from './settings.ts';
import type { Trace } from './trace.ts';

/** What everything in a simulated world stands on. */
export interface Ground {
  scheduler: Scheduler;
  trace: Trace;
  /** The chance of faults. */
  chance: Random;
  faults: FaultSettings;
  /** How often each kind of fault struck. */
  struck: Map<string, number>;
  /** To be killed before the next step. */
  doomed: Set<Life>;
}

/** Writes a line of the trace, at the present instant. */
export const note = ({ scheduler, trace }: Ground, life: Life | string, what: string) =>
  trace.note(scheduler.now(), typeof life === 'string' ? life : life.name, what);

/** Does this fault strike now? Counted when it does; never once the world heals. */
export function strikes(ground: Ground, kind: string, chance: number): boolean {
  if (!ground.faults.areOn || chance === 0 || ground.chance.fraction() >= chance) return false;
  countFault(ground, kind);
  return true;
}

export const countFault = ({ struck }: Ground, kind: string) =>
  void struck.set(kind, (struck.get(kind) ?? 0) + 1);
