import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balances } from './balance.ts';

const count = fc.nat(10_000);
const ends = fc.record({ created: count, updated: count, unchanged: count, failed: count });
const reasons = fc.dictionary(fc.string(), count);

test('a run balances when everything seen came to one end, each skip with its reason', () => {
  fc.assert(
    fc.property(
      ends,
      reasons,
      fc.integer(),
      fc.integer(),
      (run, skipReasons, lost, unexplained) => {
        const skipped = Object.values(skipReasons).reduce((sum, one) => sum + one, 0);
        const seen = run.created + run.updated + run.unchanged + run.failed + skipped;
        const whole = { ...run, skipReasons, skipped, seen };
        expect(balances(whole)).toBe(true);
        expect(balances({ ...whole, seen: seen + lost })).toBe(lost === 0);
        const more = { skipped: skipped + unexplained, seen: seen + unexplained };
        expect(balances({ ...whole, ...more })).toBe(unexplained === 0);
      },
    ),
  );
});
