import type { Clock } from '#src/platform/clock.ts';

const WINDOW_SECONDS = 60;

/** `Account` is whatever the provider counts calls for. */
export interface Quota<Account = number> {
  /** Counts one call; returns null, or the whole seconds to wait when the window is full. */
  take(account: Account): number | null;
  /** Calls counted in the present window. */
  used(account: Account): number;
}

/** A fixed window of 60 s per account, opened by its first call. A refused call is not counted. */
export function createQuota<Account = number>(core: {
  clock: Clock;
  switches(): { quotaEnforced: boolean; quotaPerMinute: number };
}): Quota<Account> {
  const windows = new Map<Account, { openedAt: number; calls: number }>();

  const present = (account: Account) => {
    const now = core.clock.now().getTime();
    const known = windows.get(account);
    if (known && now < known.openedAt + WINDOW_SECONDS * 1000) return known;
    const opened = { openedAt: now, calls: 0 };
    windows.set(account, opened);
    return opened;
  };

  return {
    take(account) {
      const { quotaEnforced, quotaPerMinute } = core.switches();
      const window = present(account);
      if (quotaEnforced && window.calls >= quotaPerMinute) {
        const left = window.openedAt + WINDOW_SECONDS * 1000 - core.clock.now().getTime();
        return Math.max(1, Math.ceil(left / 1000));
      }
      window.calls += 1;
      return null;
    },
    used: (account) => present(account).calls,
  };
}
