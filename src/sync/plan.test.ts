import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Value, Values } from './canonical.ts';
import { type Flow, type Plan, type PlannedField, type Policy, plan } from './plan.ts';

const names = ['title', 'city', 'pay', 'status'];
const value = fc.constantFrom<Value>(null, 'a', 'b', 'c');
const values: fc.Arbitrary<Values> = fc.record({
  title: value,
  city: value,
  pay: value,
  status: value,
});
const flow = fc.constantFrom<Flow>('in', 'out', 'both', 'fill');
const policy = fc.constantFrom<Policy>('kiex', 'provider', 'newest', 'ask');
const fields = fc
  .tuple(...names.map(() => fc.tuple(flow, policy)))
  .map((rows) => rows.map(([f, p], i): PlannedField => ({ name: names[i]!, flow: f, policy: p })));
const both = names.map((name): PlannedField => ({ name, flow: 'both', policy: 'ask' }));
const side = (of: Values, changedAt: string | null = null) => ({ values: of, changedAt });
const apply = (of: Values, changes: Values): Values => ({ ...of, ...changes });

/** Carries a plan out on both sides. */
function settled(ours: Values, theirs: Values, made: Plan) {
  return { ours: apply(ours, made.toUs), theirs: apply(theirs, made.toThem), base: made.base };
}

describe('plan', () => {
  test('[M1] a field changed on one side only is carried to the other', () => {
    fc.assert(
      fc.property(
        values,
        fc.constantFrom(...names),
        value,
        fc.boolean(),
        (base, name, next, mine) => {
          fc.pre(base[name] !== next);
          const changed = apply(base, { [name]: next });
          const made = plan(side(mine ? changed : base), side(mine ? base : changed), base, both);
          expect(mine ? made.toThem : made.toUs).toEqual({ [name]: next });
          expect(mine ? made.toUs : made.toThem).toEqual({});
          expect(made.conflicts).toEqual([]);
        },
      ),
    );
  });

  test('[M2] a field changed on both sides to the same value is an agreement: nothing is written', () => {
    fc.assert(
      fc.property(values, values, fields, (base, both, mapping) => {
        const made = plan(side(both), side(both), base, mapping);
        expect([made.toUs, made.toThem, made.conflicts]).toEqual([{}, {}, []]);
        expect(made.base).toEqual(both);
      }),
    );
  });

  test('[M3] both changed differently: the policy decides, both values are kept and shown', () => {
    const mapping = (p: Policy): PlannedField[] => [{ name: 'pay', flow: 'both', policy: p }];
    const run = (p: Policy) =>
      plan(
        side({ pay: 'a' }, '2027-02-01'),
        side({ pay: 'b' }, '2027-01-01'),
        { pay: 'c' },
        mapping(p),
      );
    expect(run('kiex').toThem).toEqual({ pay: 'a' });
    expect(run('provider').toUs).toEqual({ pay: 'b' });
    expect(run('newest').toThem).toEqual({ pay: 'a' });
    const asked = run('ask');
    expect([asked.toUs, asked.toThem]).toEqual([{}, {}]);
    expect(asked.conflicts).toEqual([{ field: 'pay', ours: 'a', theirs: 'b', winner: null }]);
    expect(asked.base).toEqual({ pay: 'c' });
  });

  test('[M4] a push holds only fields whose value differs from theirs', () => {
    fc.assert(
      fc.property(values, values, fc.option(values), fields, (ours, theirs, base, mapping) => {
        const made = plan(side(ours), side(theirs), base, mapping);
        for (const [name, sent] of Object.entries(made.toThem)) {
          expect(sent).not.toEqual(theirs[name]);
          expect(sent).toEqual(ours[name]);
        }
      }),
    );
  });

  test('[M6] carried out, the second plan is empty, however the sides stood', () => {
    fc.assert(
      fc.property(values, values, fc.option(values), fields, (ours, theirs, base, mapping) => {
        const first = plan(side(ours), side(theirs), base, mapping);
        const then = settled(ours, theirs, first);
        const second = plan(side(then.ours), side(then.theirs), then.base, mapping);
        expect([second.toUs, second.toThem]).toEqual([{}, {}]);
      }),
    );
  });

  test('[M6] our own write coming back (echo) plans to nothing', () => {
    fc.assert(
      fc.property(values, values, (base, ours) => {
        const first = plan(side(ours), side(base), base, both);
        const echo = plan(side(ours), side(apply(base, first.toThem)), first.base, both);
        expect([echo.toUs, echo.toThem]).toEqual([{}, {}]);
      }),
    );
  });

  test('[M8] plan is a pure function: the same input gives the same plan, and the input stays as it was', () => {
    fc.assert(
      fc.property(values, values, fc.option(values), fields, (ours, theirs, base, mapping) => {
        const input = JSON.stringify([ours, theirs, base, mapping]);
        const first = plan(side(ours), side(theirs), base, mapping);
        const second = plan(side(ours), side(theirs), base, mapping);
        expect(second).toEqual(first);
        expect(JSON.stringify([ours, theirs, base, mapping])).toBe(input);
      }),
    );
  });

  test('what they have is never overwritten by a field that only fills', () => {
    fc.assert(
      fc.property(values, values, fc.option(values), (ours, theirs, base) => {
        const fill = names.map((name): PlannedField => ({ name, flow: 'fill', policy: 'ask' }));
        const made = plan(side(ours), side(theirs), base, fill);
        for (const name of Object.keys(made.toThem)) expect(theirs[name]).toBeNull();
        expect(made.toUs).toEqual({});
      }),
    );
  });
});
