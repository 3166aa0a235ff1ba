import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Value, Values } from './canonical.ts';
import type { Flow, Hold, Holds, PlannedField, Policy } from './flow.ts';
import { type Plan, plan } from './plan.ts';

const names = ['title', 'city', 'pay', 'status'];
const value = fc.constantFrom<Value>(null, 'a', 'b', 'c');
const values: fc.Arbitrary<Values> = fc.record({
  title: value,
  city: value,
  pay: value,
  status: value,
});
const flow = fc.constantFrom<Flow>('in', 'out', 'both', 'fill', 'tend', 'keep');
const policy = fc.constantFrom<Policy>('kiex', 'provider', 'newest', 'ask');
const fields = fc
  .tuple(...names.map(() => fc.tuple(flow, policy, fc.boolean())))
  .map((rows) =>
    rows.map(([f, p, s], i) => ({ name: names[i]!, flow: f, policy: p, sendable: s })),
  );
const fieldOf = (name: string, more: Partial<PlannedField> = {}): PlannedField => ({
  name,
  flow: 'both',
  policy: 'ask',
  sendable: true,
  ...more,
});
const both = names.map((name) => fieldOf(name));
const hold: fc.Arbitrary<Hold> = fc.record(
  {
    ours: value,
    theirs: value,
    because: fc.constantFrom<Hold['because']>('conflict', 'taken back'),
    chosen: fc.constantFrom('ours' as const, 'theirs' as const),
  },
  { requiredKeys: ['ours', 'theirs', 'because'] },
);
const holds: fc.Arbitrary<Holds> = fc.dictionary(fc.constantFrom(...names), hold);
const input = fc.tuple(values, values, fc.option(values), fields, holds);
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
        // Equal words of theirs are not what we wrote: these fields remember only that.
        for (const { name, flow } of mapping)
          if (flow === 'tend' || flow === 'keep') expect(made.base[name]).toBe(base[name]);
          else expect(made.base[name]).toBe(both[name]);
      }),
    );
  });

  test('[M3] both changed differently: the policy decides, both values are kept and shown', () => {
    const mapping = (p: Policy) => [fieldOf('pay', { policy: p })];
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
    expect(asked.conflicts).toEqual([
      { field: 'pay', ours: 'a', theirs: 'b', before: 'c', winner: null, reason: 'ask' },
    ]);
    expect(asked.base).toEqual({ pay: 'c' });
    expect(run('kiex').conflicts).toMatchObject([{ winner: 'ours', reason: 'kiex' }]);
    expect(run('kiex').why).toEqual({ pay: 'kiex' });
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
      fc.property(input, ([ours, theirs, base, mapping, held]) => {
        const first = plan(side(ours), side(theirs), base, mapping, held);
        const then = settled(ours, theirs, first);
        const second = plan(side(then.ours), side(then.theirs), then.base, mapping, first.held);
        expect([second.toUs, second.toThem, second.conflicts]).toEqual([{}, {}, []]);
        expect([second.base, second.held]).toEqual([first.base, first.held]);
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

  test('a field that is tended changes only what we wrote there and, filling, what is empty', () => {
    fc.assert(
      fc.property(values, values, fc.option(values), fc.boolean(), (ours, theirs, base, fills) => {
        const tended = names.map((name) => fieldOf(name, { flow: fills ? 'tend' : 'keep' }));
        const made = plan(side(ours), side(theirs), base, tended);
        expect([made.toUs, made.conflicts]).toEqual([{}, []]);
        for (const name of names) {
          const isOurs = base !== null && base[name] === theirs[name];
          const isGap = fills && theirs[name] === null;
          if (!isOurs && !isGap) expect(made.toThem).not.toHaveProperty(name);
          if (fills) expect(made.toThem[name]).not.toBeNull();
          const isNew = ours[name] !== (base?.[name] ?? null) && ours[name] !== theirs[name];
          const isSaid = ours[name] !== null || !fills;
          if (isNew && isSaid && (isOurs || isGap) && (isOurs || ours[name] !== null))
            expect(made.toThem[name]).toBe(ours[name]);
          // What we know of theirs is what we wrote, and nothing else.
          const known = name in made.toThem ? ours[name] : base?.[name];
          expect(made.base[name]).toBe(known);
        }
      }),
    );
  });

  test('what they have is never overwritten by a field that only fills', () => {
    fc.assert(
      fc.property(values, values, fc.option(values), (ours, theirs, base) => {
        const fill = names.map((name) => fieldOf(name, { flow: 'fill' }));
        const made = plan(side(ours), side(theirs), base, fill);
        for (const name of Object.keys(made.toThem)) expect(theirs[name]).toBeNull();
        expect(made.toUs).toEqual({});
      }),
    );
  });

  test('[M3] [M6] a held field stays as it is on both sides, whatever its flow or policy', () => {
    fc.assert(
      fc.property(input, ([ours, theirs, base, mapping]) => {
        const held = Object.fromEntries(
          names.map((name) => {
            const both = { ours: ours[name]!, theirs: theirs[name]! };
            return [name, { ...both, because: 'taken back' as const }];
          }),
        );
        const made = plan(side(ours), side(theirs), base, mapping, held);
        expect([made.toUs, made.toThem, made.conflicts]).toEqual([{}, {}, []]);
      }),
    );
  });

  test('[M3] a hold is void as soon as either value is another', () => {
    fc.assert(
      fc.property(input, value, fc.boolean(), ([ours, theirs, base, mapping], next, mine) => {
        const moved = { ...(mine ? ours : theirs), pay: next };
        fc.pre(next !== (mine ? ours : theirs).pay);
        const held = {
          pay: { ours: ours.pay!, theirs: theirs.pay!, because: 'conflict' as const },
        };
        const now = [side(mine ? moved : ours), side(mine ? theirs : moved)] as const;
        const free = plan(...now, base, mapping);
        expect(plan(...now, base, mapping, held)).toEqual(free);
      }),
    );
  });

  test('what was taken back follows theirs once it is another, whatever the policy says', () => {
    const held: Holds = { pay: { ours: 'a', theirs: 'b', because: 'taken back' } };
    for (const policy of ['kiex', 'provider', 'newest', 'ask'] as const) {
      const pay = [{ ...fieldOf('pay'), policy }];
      const theirs = plan(side({ pay: 'a' }), side({ pay: 'c' }), { pay: 'b' }, pay, held);
      expect(theirs).toMatchObject({ toUs: { pay: 'c' }, toThem: {}, conflicts: [], held: {} });
      // A change of ours after it is one like any other.
      const ours = plan(side({ pay: 'd' }), side({ pay: 'b' }), { pay: 'b' }, pay, held);
      expect(ours).toMatchObject({ toUs: {}, toThem: { pay: 'd' }, held: {} });
    }
  });

  test('[M3] what a person chose is carried once, and says so', () => {
    const held = (chosen: 'ours' | 'theirs'): Holds => ({
      pay: { ours: 'a', theirs: 'b', because: 'conflict', chosen },
    });
    const run = (chosen: 'ours' | 'theirs') =>
      plan(side({ pay: 'a' }), side({ pay: 'b' }), { pay: 'c' }, [fieldOf('pay')], held(chosen));
    expect(run('ours')).toMatchObject({ toThem: { pay: 'a' }, toUs: {}, base: { pay: 'a' } });
    expect(run('theirs')).toMatchObject({ toThem: {}, toUs: { pay: 'b' }, base: { pay: 'b' } });
    for (const chosen of ['ours', 'theirs'] as const) {
      expect(run(chosen)).toMatchObject({ held: {}, why: { pay: 'chosen' } });
    }
  });

  test('[M1] what cannot be sent is never planned to them, and never counts as agreed', () => {
    fc.assert(
      fc.property(input, ([ours, theirs, base, mapping, held]) => {
        const mute = mapping.map((field) => ({ ...field, sendable: false }));
        const made = plan(side(ours), side(theirs), base, mute, held);
        expect(made.toThem).toEqual({});
        for (const { name, flow } of mapping) {
          const isTended = (flow === 'tend' || flow === 'keep') && !(name in made.toUs);
          const agrees = !isTended && apply(ours, made.toUs)[name] === theirs[name];
          expect(made.base[name]).toEqual(agrees ? theirs[name] : base?.[name]);
        }
      }),
    );
    // Ours should win and cannot: both are kept, and a person is told.
    const field = fieldOf('pay', { policy: 'kiex', sendable: false });
    const made = plan(side({ pay: 'a' }), side({ pay: 'b' }), { pay: 'c' }, [field]);
    expect(made.conflicts).toMatchObject([{ winner: null, reason: 'cannot be sent' }]);
    expect(made.held).toMatchObject({ pay: { ours: 'a', theirs: 'b' } });
  });

  test('a field that is switched off is left alone on both sides and keeps its base', () => {
    fc.assert(
      fc.property(input, ([ours, theirs, base, mapping, held]) => {
        const on = mapping.filter(({ name }) => name !== 'pay');
        const made = plan(side(ours), side(theirs), base, on, held);
        expect([made.toUs.pay, made.toThem.pay]).toEqual([undefined, undefined]);
        expect(made.base.pay).toEqual(base?.pay);
      }),
    );
  });

  test('every value that moves says what let it', () => {
    fc.assert(
      fc.property(input, ([ours, theirs, base, mapping, held]) => {
        const made = plan(side(ours), side(theirs), base, mapping, held);
        const moved = [...Object.keys(made.toUs), ...Object.keys(made.toThem)];
        expect(Object.keys(made.why).sort()).toEqual(moved.sort());
      }),
    );
    const rule = (before: Values | null, more: Partial<PlannedField> = {}) =>
      plan(side({ pay: 'a' }), side({ pay: null }), before, [fieldOf('pay', more)]).why.pay;
    expect(rule({ pay: null })).toBe('our change');
    expect(rule({ pay: 'a' })).toBe('their change');
    expect(rule(null)).toBe('first agreement');
    expect(rule({ pay: null }, { flow: 'fill' })).toBe('filled');
    expect(rule({ pay: null }, { flow: 'in' })).toBe('theirs to give');
  });
});
