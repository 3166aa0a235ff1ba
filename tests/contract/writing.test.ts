import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Values } from '#src/sync/canonical.ts';
import type { Outgoing, ResourceConnector, TheirRecord } from '#src/sync/connector.ts';
import { spread } from '#src/sync/fields.ts';
import type { Raw } from './bench.ts';
import { able, createStand, dropStands, must, type Stand } from './stand.ts';

afterAll(dropStands);

const runs = { numRuns: 25 };

const outgoingFor = (theirs: TheirRecord, values: Values): Outgoing => ({
  ourId: 'ours-1',
  values,
  record: {},
  refs: theirs.refs,
  intent: null,
});

async function readBack({ context, resource }: Stand, name: string, theirId: string) {
  const read = must(await resource(name).connector.get!(context, theirId));
  if (read === 'gone') throw new Error('gone');
  return read;
}

test.each(able('update', 'get'))(
  '[M5] [M6] %s, %s: what is sent comes back the same, in every spelling the provider may use',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { connector, bench } = stand.resource(name);
    for (const mood of Object.values(stand.bench.moods)) {
      mood();
      const theirId = await bench.make!();
      await fc.assert(
        fc.asyncProperty(bench.changes!, async (changes) => {
          const before = await readBack(stand, name, theirId);
          const outgoing = outgoingFor(before, { ...before.values, ...changes });
          const answer = must(await connector.update!(stand.context, theirId, changes, outgoing));
          const after = await readBack(stand, name, theirId);
          expect(after.values).toEqual({ ...before.values, ...changes });
          // The answer to the change is as fresh as a read, so that the echo is known by it.
          expect(answer).toEqual(after);
        }),
        runs,
      );
    }
  },
);

test.each(able('update', 'get'))(
  '[M4] %s, %s: a change touches the fields that changed, and nothing else of theirs',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { connector, bench } = stand.resource(name);
    const theirId = await bench.make!();
    const keyOf = (name: string) =>
      spread(connector.fields, [name]).find((field) => field.ours === name)!.theirs;
    await fc.assert(
      fc.asyncProperty(bench.changes!, async (changes) => {
        const before = await readBack(stand, name, theirId);
        const kept = bench.raw!(theirId);
        const outgoing = outgoingFor(before, { ...before.values, ...changes });
        stand.sent.length = 0;
        must(await connector.update!(stand.context, theirId, changes, outgoing));
        const changedKeys = Object.keys(changes).map(keyOf);
        expect(without(bench.raw!(theirId), changedKeys, bench.moves)).toEqual(
          without(kept, changedKeys, bench.moves),
        );
        expect(keyedRest(connector, bench.raw!(theirId), changes)).toEqual(
          keyedRest(connector, kept, changes),
        );
        const writes = stand.sent.filter(({ method }) => method !== 'GET');
        for (const { body } of writes) {
          const sent = JSON.parse(body) as Raw;
          const written = bench.written?.(sent, kept) ?? Object.keys(sent);
          expect(changedKeys).toEqual(expect.arrayContaining(written));
        }
      }),
      runs,
    );
  },
);

/** Of objects that are merged key by key, the keys that were not changed. */
const keyedRest = ({ fields }: ResourceConnector, raw: Raw, changes: Values) =>
  fields
    .filter(({ keyed }) => keyed)
    .map(({ ours, theirs }) =>
      Object.entries(raw[theirs] as Raw).filter(([key]) => !(`${ours}.${key}` in changes)),
    );

const without = (raw: Raw, ...keys: (readonly string[] | undefined)[]) => {
  const left = keys.flatMap((some) => some ?? []);
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !left.includes(key)));
};

test.each(able('create', 'find'))(
  '[I2] %s, %s: a new record is not there, is made, and is found again as the same',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { connector, bench } = stand.resource(name);
    const outgoing = await bench.outgoing!();
    const look = must(await connector.find!(stand.context, outgoing));
    expect(look.found).toBeNull();
    const intent = ('intent' in look && look.intent) || {};
    const made = must(await connector.create!(stand.context, { ...outgoing, intent }));
    await stand.bench.pass(120);
    const again = must(await connector.find!(stand.context, { ...outgoing, intent }));
    expect(again.found?.id).toBe(made.id);
    if (connector.get) {
      const read = await readBack(stand, name, made.id);
      const sentFields = spread(connector.fields, Object.keys(outgoing.values)).filter(
        ({ flow }) => flow !== 'in',
      );
      for (const { ours } of sentFields) expect(read.values[ours]).toEqual(outgoing.values[ours]);
      expect(read.ourId).toBe(bench.isNameless ? null : outgoing.ourId);
      expect(read.refs).toEqual(outgoing.refs);
    }
  },
);

test.each(able('create'))(
  '[I3] %s, %s: a create asks right before it is sent, and is not sent when the answer is no',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { connector, bench } = stand.resource(name);
    const first = await bench.outgoing!();
    const look = connector.find && must(await connector.find(stand.context, first));
    const outgoing = { ...first, intent: (look && 'intent' in look && look.intent) || {} };
    const before = bench.count!();
    let asked = 0;
    const asking = (wanted: boolean) => ({
      ...stand.context,
      stillWanted: async () => {
        asked++;
        expect(bench.count!()).toBe(before);
        return wanted;
      },
    });
    const unsent = await connector.create!(asking(false), outgoing);
    expect(unsent).toMatchObject({ failure: { kind: 'unreachable', notSent: true } });
    expect([asked, bench.count!()]).toEqual([1, before]);
    must(await connector.create!(asking(true), outgoing));
    expect([asked, bench.count!()]).toEqual([2, before + 1]);
  },
);

test.each(able('create', 'find'))(
  '[I3] %s, %s: a create whose answer is lost is found by the next look, so there is one record',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { connector, bench } = stand.resource(name);
    const outgoing = await bench.outgoing!();
    const before = bench.count!();
    const look = must(await connector.find!(stand.context, outgoing));
    const intent = ('intent' in look && look.intent) || {};
    stand.intercept(async (request, act) => {
      if (request.method === 'GET') return act();
      await act();
      throw Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
      });
    });
    const lost = await connector.create!(stand.context, { ...outgoing, intent });
    expect(lost).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
    stand.intercept(null);
    await stand.bench.pass(120);
    const found = must(await connector.find!(stand.context, { ...outgoing, intent })).found;
    expect(found).not.toBeNull();
    expect(bench.count!()).toBe(before + 1);
  },
);

test.each(able('create', 'find'))(
  '[I4] %s, %s: "already exists", however it is said, leads to the record that exists',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { connector, bench } = stand.resource(name);
    for (const refuse of bench.refusesTwins ?? []) {
      refuse();
      const outgoing = await bench.outgoing!();
      const first = must(await connector.create!(stand.context, outgoing));
      const twin = await connector.create!(stand.context, outgoing);
      expect(twin).toMatchObject({ ok: false, failure: { kind: 'refused' } });
      const { found } = must(await connector.find!(stand.context, outgoing));
      expect(found?.id).toBe(first.id);
    }
  },
);
