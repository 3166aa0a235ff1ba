/** What a budget's row says of its pace. */
export type Paced = {
  callsPerMinute: number;
  reducedPace: number | null;
  reducedAt: Date | null;
};

/** A 429 leaves this much of the pace it met. */
export const LEFT_BY_REFUSAL = 0.8;
/** Never less than this part of the set pace: even an account shared with others moves on. */
export const PACE_MIN = 0.25;
/** How much of the set pace comes back with each minute without a 429. */
export const BACK_EACH_MINUTE = 0.05;

/**
 * The calls a minute that a budget lets through now. A 429 says that the account has less to give than
 * was set, perhaps because another program uses it too: so the pace goes down with each, and comes back
 * step by step from the end of the pause it asked for.
 */
export function presentPace({ callsPerMinute, reducedPace, reducedAt }: Paced, now: Date): number {
  if (reducedPace === null || reducedAt === null) return callsPerMinute;
  const minutes = Math.floor((now.getTime() - reducedAt.getTime()) / 60_000);
  const back = callsPerMinute * BACK_EACH_MINUTE * Math.max(0, minutes);
  return Math.min(callsPerMinute, reducedPace + back);
}
