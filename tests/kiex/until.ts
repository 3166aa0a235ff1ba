import { setTimeout as sleep } from 'node:timers/promises';

const lookAgainMilliseconds = 50;

type Found<Value> = Exclude<Value, null | undefined | false>;

/** Asks until there is an answer, and returns it. Fails when there is none in time. */
export async function until<Value>(
  what: string,
  ask: () => Value | Promise<Value>,
  seconds = 60,
): Promise<Found<Value>> {
  const giveUpAt = performance.now() + seconds * 1_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as Found<Value>;
    if (performance.now() > giveUpAt) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await sleep(lookAgainMilliseconds);
  }
}
