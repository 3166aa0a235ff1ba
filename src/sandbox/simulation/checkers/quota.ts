import type { ProviderCall } from './providerCall.ts';
import type { Scene } from './scene.ts';
import { type Violation, violation } from './violation.ts';

const windowMilliseconds = 60_000;
/**
 * Calls that were let go before the word of a 429 had gone round: they were on their way already,
 * though the line saw them a moment later. [Q3]
 */
const underWayMilliseconds = 1_000;

/**
 * The budget of each key is kept, and a 429 is heeded by everybody. Both hold only while clocks agree:
 * the budget goes by the clock of whoever asks. By key, as the provider counts: a new key of an account
 * begins anew.
 */
export function judgeQuota(scene: Scene): Violation[] {
  const { accounts, budgetPerMinute, calls } = scene;
  if (budgetPerMinute === null) return [];
  return accounts.flatMap(({ accountId }) => {
    const own = calls.filter((call) => call.accountId === accountId);
    const byKey = [...Map.groupBy(own, ({ key }) => key).values()];
    return byKey.flatMap((some) => [...tooMany(some, budgetPerMinute), ...impatient(some)]);
  });
}

/** More calls than allowed within any 60 seconds; said once per key. [Q1] */
function tooMany(calls: readonly ProviderCall[], limit: number): Violation[] {
  let first = 0;
  for (const [index, call] of calls.entries()) {
    while (call.sentAt - calls[first]!.sentAt >= windowMilliseconds) first++;
    const count = index - first + 1;
    if (count <= limit) continue;
    const words = `${count} calls within 60 seconds, of ${limit} allowed`;
    return [violation('Q1', words, new Date(call.sentAt).toISOString())];
  }
  return [];
}

/**
 * A call made while the account had asked to be left alone; one with a key that is refused counts for
 * nothing there.
 */
function impatient(calls: readonly ProviderCall[]): Violation[] {
  const pauses = calls.flatMap((call) =>
    call.waitSeconds === null || call.endedAt === null
      ? []
      : [{ from: call.endedAt, until: call.endedAt + call.waitSeconds * 1_000 }],
  );
  return calls.flatMap((call) => {
    const pause = pauses.find(
      ({ from, until }) => call.sentAt > from + underWayMilliseconds && call.sentAt < until,
    );
    if (!pause || call.status === 401) return [];
    const words = `${call.method} ${call.path} was sent while a 429 asked for a pause`;
    return [violation('Q3', words, new Date(call.sentAt).toISOString())];
  });
}
