import { expect } from 'vitest';

/** Looks twice a second until it is as wanted; fails with what it is instead. */
export async function until<T>(
  look: () => Promise<T>,
  wanted: T,
  milliseconds: number,
): Promise<void> {
  await expect.poll(look, { timeout: milliseconds, interval: 500 }).toEqual(wanted);
}

/** A figure for whoever reads the output of a run. */
export function report(what: string, figure: string): void {
  console.info(`${what}: ${figure}`);
}
