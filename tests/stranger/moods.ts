/** What goes wrong with one request. "After" means that the write was done. */
export type Fault =
  | { kind: 'html'; status: 500 | 502 | 503; after: boolean }
  | { kind: 'truncated' }
  | { kind: 'destroyed'; after: boolean }
  | { kind: 'slow'; seconds: number }
  | { kind: 'throttled'; html: boolean };

/** Decides, from a seed and from what a test asks for, what goes wrong. */
export interface Moods {
  /** Share of reads and of writes that something happens to. */
  rates: { read: number; write: number };
  /** Strikes the next request to this method and path, once each. */
  next: { method: string; path: RegExp; fault: Fault }[];
  pick(method: string, path: string): Fault | null;
  /** How often each kind struck. */
  struck: Map<string, number>;
}

const readFaults: Fault[] = [
  { kind: 'html', status: 500, after: false },
  { kind: 'html', status: 502, after: false },
  { kind: 'html', status: 503, after: false },
  { kind: 'truncated' },
  { kind: 'destroyed', after: false },
  { kind: 'slow', seconds: 3 },
];

const writeFaults: Fault[] = [
  { kind: 'html', status: 500, after: false },
  { kind: 'html', status: 502, after: true },
  { kind: 'truncated' },
  { kind: 'destroyed', after: true },
  { kind: 'destroyed', after: false },
  { kind: 'slow', seconds: 4 },
];

export function createMoods(dice: () => number): Moods {
  const draw = (faults: Fault[]) => faults[Math.floor(dice() * faults.length)]!;
  const moods: Moods = {
    rates: { read: 0, write: 0 },
    next: [],
    struck: new Map(),
    pick(method, path) {
      const at = moods.next.findIndex((one) => one.method === method && one.path.test(path));
      const scripted = at >= 0 ? moods.next.splice(at, 1)[0]!.fault : null;
      const isWrite = method !== 'GET';
      const unlucky = dice() < (isWrite ? moods.rates.write : moods.rates.read);
      const fault = scripted ?? (unlucky ? draw(isWrite ? writeFaults : readFaults) : null);
      if (fault) {
        const name = 'after' in fault && fault.after ? `${fault.kind} after` : fault.kind;
        const told = `${isWrite ? 'write' : 'read'} ${name}`;
        moods.struck.set(told, (moods.struck.get(told) ?? 0) + 1);
      }
      return fault;
    },
  };
  return moods;
}
