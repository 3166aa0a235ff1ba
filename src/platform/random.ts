import { randomBytes, randomInt } from 'node:crypto';
import { V7Generator } from 'uuidv7';
import type { Clock } from './clock.ts';

/** The only source of chance. Everything that needs chance takes a `Random`, so that a seed repeats a run. */
export interface Random {
  /** At least 0 and below 1. */
  fraction(): number;
  /** A whole number, at least 0 and below `limit`. */
  integer(limit: number): number;
  bytes(count: number): Uint8Array;
}

export const systemRandom: Random = {
  fraction: () => randomInt(2 ** 32) / 2 ** 32,
  integer: (limit) => randomInt(limit),
  bytes: (count) => randomBytes(count),
};

/** The same seed gives the same numbers on every machine (mulberry32). Not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const word = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    fraction: () => word() / 2 ** 32,
    integer: (limit) => Math.floor((word() / 2 ** 32) * limit),
    bytes: (count) => Uint8Array.from({ length: count }, () => word() & 0xff),
  };
}

/** Makes a new record id: UUID version 7, rising within one process even inside a millisecond. */
export type NewId = () => string;

export function createIds(clock: Clock, random: Random): NewId {
  const generator = new V7Generator({ nextUint32: () => random.integer(2 ** 32) });
  // Ten seconds of clock moving back are ridden out; after that the generator starts anew.
  return () => generator.generateOrResetCore(clock.now().getTime(), 10_000).toString();
}

/** May this be an id of ours? What comes from outside under that name often is none. */
export const isUuid = (text: string) => /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text);

/** A secret for addresses and tokens: `bytes` of chance, written URL-safe. */
export function secretToken(random: Random, bytes = 24): string {
  return Buffer.from(random.bytes(bytes)).toString('base64url');
}
