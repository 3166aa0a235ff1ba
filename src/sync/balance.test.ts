import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balances, type RunCounts, type SideOfRun } from './balance.ts';

const count = fc.nat(10_000);
const reasons = fc.dictionary(fc.string(), count);
const sum = (of: Record<string, number>) => Object.values(of).reduce((a, b) => a + b, 0);
/** A side whose sums agree. */
const side = fc
  .record({
    created: count,
    updated: count,
    unchanged: count,
    skipReasons: reasons,
    failReasons: reasons,
  })
  .map((of): SideOfRun => {
    const [skipped, failed] = [sum(of.skipReasons), sum(of.failReasons)];
    const seen = of.created + of.updated + of.unchanged + skipped + failed;
    return { ...of, skipped, failed, seen };
  });
const run = (theirs: SideOfRun, ours: SideOfRun): RunCounts => ({
  ...theirs,
  oursSeen: ours.seen,
  oursCreated: ours.created,
  oursUpdated: ours.updated,
  oursUnchanged: ours.unchanged,
  oursSkipped: ours.skipped,
  oursFailed: ours.failed,
  oursSkipReasons: ours.skipReasons,
  oursFailReasons: ours.failReasons,
});

test('[F6] a run balances when everything seen on each side came to one end, for a reason', () => {
  fc.assert(
    fc.property(side, side, fc.integer(), (theirs, ours, lost) => {
      expect(balances(run(theirs, ours))).toBe(true);
      for (const wrong of [
        { seen: theirs.seen + lost },
        { skipped: theirs.skipped + lost, seen: theirs.seen + lost },
        { failed: theirs.failed + lost, seen: theirs.seen + lost },
      ]) {
        expect(balances(run({ ...theirs, ...wrong }, ours))).toBe(lost === 0);
        expect(balances(run(theirs, { ...ours, ...shifted(ours, wrong, theirs) }))).toBe(
          lost === 0,
        );
      }
    }),
  );
});

/** The same wrong, on our side. */
const shifted = (ours: SideOfRun, wrong: Partial<SideOfRun>, theirs: SideOfRun) =>
  Object.fromEntries(
    Object.entries(wrong).map(([name, value]) => {
      const key = name as 'seen' | 'skipped' | 'failed';
      return [key, ours[key] + (value as number) - theirs[key]];
    }),
  );
