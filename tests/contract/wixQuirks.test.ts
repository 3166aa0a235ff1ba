import { afterAll, expect, test } from 'vitest';
import { wordsOf } from '#src/providers/wix/client.ts';
import type { Values } from '#src/sync/canonical.ts';
import type { Outgoing } from '#src/sync/connector.ts';
import { createStand, dropStands, must, type Stand } from './stand.ts';

afterAll(dropStands);

async function begin() {
  const stand = await createStand('wix');
  const { connector, bench } = stand.resource('contacts');
  const read = async (id: string) => {
    const found = must(await connector.get!(stand.context, id));
    if (found === 'gone') throw new Error('gone');
    return found;
  };
  const outgoing = (more: Partial<Outgoing> = {}): Outgoing => ({
    ...{ ourId: 'ours-1', values: {}, record: {}, refs: {}, intent: null },
    ...more,
  });
  const update = (id: string, changes: Values, more: Partial<Outgoing> = {}) =>
    connector.update!(stand.context, id, changes, outgoing(more));
  return { stand, connector, bench, read, update, id: await bench.make!() };
}

const writes = ({ sent }: Stand) =>
  sent
    .filter(({ method }) => method === 'PATCH')
    .map(({ body }) => JSON.parse(body) as { revision: number; info: Record<string, unknown> });

const items = (raw: unknown) => (raw as { items: Record<string, unknown>[] }).items;

test('the key goes bare, with the site and without the account', async () => {
  const { stand, id, read } = await begin();
  await read(id);
  const { headers, url } = stand.sent.at(-1)!;
  expect(headers.get('authorization')).toBe(stand.bench.key);
  expect(headers.get('wix-site-id')).toBe('5b5b5b5b-1111-4222-8333-444444444444');
  expect(headers.has('wix-account-id')).toBe(false);
  expect(url.href).not.toContain(stand.bench.key);
});

test('a 401 that passes is asked a second time, and one that stays is believed', async () => {
  const { stand, id, connector } = await begin();
  let left = 1;
  const refused = () => Response.json({ message: '', details: {} }, { status: 401 });
  stand.intercept((_request, act) => (left-- > 0 ? refused() : act()));
  expect(await connector.get!(stand.context, id)).toMatchObject({ ok: true });
  left = 9;
  const stayed = await connector.get!(stand.context, id);
  expect(stayed).toMatchObject({ failure: { kind: 'unauthorised', status: 401 } });
  expect(left).toBe(7);
});

test('[I4] a refused duplicate hands over its id, and is used before the index shows it', async () => {
  const { stand, bench, connector } = await begin();
  const first = await bench.outgoing!();
  const made = must(await connector.create!(stand.context, first));
  stand.bench.resources.contacts!.refusesTwins![0]!();
  const twin = { ...first, ourId: 'ours-twin', values: { ...first.values, kiexId: 'ours-twin' } };
  const refused = await connector.create!(stand.context, twin);
  expect(refused).toMatchObject({
    failure: { kind: 'refused', code: 'DUPLICATE_CONTACT_EXISTS', existing: made.id },
  });
  // The list shows nothing of it yet.
  stand.intercept((request, act) =>
    request.url.endsWith('/query') ? Response.json({ contacts: [] }) : act(),
  );
  expect(must(await connector.find!(stand.context, twin)).found).toBeNull();
  const found = must(await connector.find!(stand.context, { ...twin, existing: made.id }));
  expect(found.found?.id).toBe(made.id);
});

test('[M1] a write carries the revision; onto a contact that moved on nothing is written', async () => {
  const { stand, bench, read, update, id } = await begin();
  const before = await read(id);
  await bench.alter!(id);
  const kept = bench.raw!(id);
  const late = await update(id, { jobTitle: 'Nurse' }, { revision: before.revision });
  expect(late).toEqual({ ok: true, value: 'moved on' });
  expect(writes(stand)).toEqual([]);
  // Between our look and our write, too: they answer 409.
  stand.intercept(async (request, act) => {
    if (request.method === 'PATCH') await bench.alter!(id);
    return act();
  });
  const { revision } = await read(id);
  const overtaken = await update(id, { jobTitle: 'Nurse' }, { revision });
  expect(overtaken).toEqual({ ok: true, value: 'moved on' });
  expect(writes(stand)).toMatchObject([{ revision: Number(kept.revision) }]);
  expect(bench.raw!(id)).not.toHaveProperty(['info.jobTitle']);
});

test('[M4] an address that stands among the others becomes the main one, and each keeps its id', async () => {
  const { bench, read, update, id } = await begin();
  const before = items(bench.raw!(id)['info.emails']);
  const home = String(before[0]!.email);
  must(await update(id, { email: home }));
  const after = items(bench.raw!(id)['info.emails']);
  expect(after).toEqual([
    { ...before[0], primary: true },
    { ...before[1], primary: false },
  ]);
  expect((await read(id)).values).toMatchObject({ email: home });
  must(await update(id, { email: 'new@example.edu' }));
  expect(items(bench.raw!(id)['info.emails'])).toEqual([
    { ...before[0], email: 'new@example.edu', primary: true },
    { ...before[1], primary: false },
  ]);
});

test('[M5] the islands are written as countries, or as states where that is chosen', async () => {
  const { stand, bench, update, id } = await begin();
  const place = () => {
    const { 'info.addresses.country': country, 'info.addresses.subdivision': part } =
      bench.raw!(id);
    return [country, part];
  };
  // It stands as US, US-GU: the same place stays as it is spelt.
  must(await update(id, { city: 'Tamuning' }));
  expect(place()).toEqual(['US', 'US-GU']);
  must(await update(id, { country: 'MP' }));
  expect(place()).toEqual(['MP', undefined]);
  const account = stand.context.account as { settings: object };
  account.settings = { ...account.settings, options: { islands: 'state' } };
  must(await update(id, { country: 'GU' }));
  expect(place()).toEqual(['US', 'US-GU']);
  // Parts of the other countries are their own.
  must(await update(id, { country: 'FM', subdivision: 'FM-PNI' }));
  expect(place()).toEqual(['FM', 'FM-PNI']);
});

test('KiEX’s field that somebody removed there is made again, and the write goes through', async () => {
  const { stand, bench, connector, read } = await begin();
  const first = await bench.outgoing!();
  must(await connector.find!(stand.context, first));
  const url = 'http://wix.test/contacts/v4/extended-fields/custom.kiex-id';
  const headers = {
    authorization: stand.bench.key,
    'wix-site-id': '5b5b5b5b-1111-4222-8333-444444444444',
  };
  expect((await stand.bench.answer(new Request(url, { method: 'DELETE', headers }))).status).toBe(
    200,
  );
  const made = must(await connector.create!(stand.context, first));
  expect((await read(made.id)).ourId).toBe(first.ourId);
});

test('[P1] whether they may be written to is read, and never written', async () => {
  const { stand, bench, connector, read, update, id } = await begin();
  expect((await read(id)).values.subscription).toBe('not_set');
  must(await connector.create!(stand.context, await bench.outgoing!()));
  must(await update(id, { subscription: 'subscribed', jobTitle: 'Nurse', email: 'a@b.example' }));
  for (const { body } of stand.sent) expect(body).not.toMatch(/subscri/i);
});

test('[D4] a poll goes on from the beginning of the one before, not from the newest it saw', async () => {
  const { stand, bench, connector } = await begin();
  for (let made = 0; made < 120; made++) await bench.make!();
  const began = stand.clock.now();
  const dated = (answer: Response) => {
    const headers = { date: stand.clock.now().toUTCString(), 'content-type': 'application/json' };
    return new Response(answer.body, { status: answer.status, headers });
  };
  stand.intercept(async (_request, act) => dated(await act()));
  const first = must(await connector.list!(stand.context, null));
  await stand.clock.advance(600_000);
  const late = await bench.make!();
  const second = must(await connector.list!(stand.context, first.next));
  expect(second.records.map(({ id }) => id)).toContain(late);
  const limit = new Date(Math.floor(began.getTime() / 1_000) * 1_000).toISOString().slice(0, 19);
  expect([first.atMost, second.atMost]).toEqual(Array(2).fill(`${limit}.000000Z`));
  expect(second.settledUntil).toBeUndefined();
  must(await connector.changedSince!(stand.context, '2027-01-01T00:10:00.000000Z', null));
  expect(JSON.parse(stand.sent.at(-1)!.body).query.filter).toEqual({
    updatedDate: { $gte: '2027-01-01T00:05:00.000Z' },
  });
  // Pages overlap: one that is deleted meanwhile hides no other.
  expect(first.next).toMatchObject({ offset: 95 });
  const asked = stand.sent.find(({ url }) => url.pathname.endsWith('/query'))!;
  expect(JSON.parse(asked.body).query.sort).toEqual([{ fieldName: 'createdDate', order: 'ASC' }]);
});

test('[P3] their words are kept without the addresses in them, and without their data', () => {
  const told = {
    message: 'A contact with lani.cruz@example.edu exists\nand more',
    details: {
      applicationError: {
        code: 'DUPLICATE_CONTACT_EXISTS',
        description: 'lani.cruz@example.edu is taken',
        data: { duplicateEmail: 'lani.cruz@example.edu' },
      },
    },
  };
  expect(wordsOf(told)).toBe('DUPLICATE_CONTACT_EXISTS: (an e-mail address) is taken');
  const violations = [
    { field: 'info.name', description: 'is too long', violatedRule: 'MAX_LENGTH' },
  ];
  const wrong = { message: 'x', details: { validationError: { fieldViolations: violations } } };
  expect(wordsOf(wrong)).toBe('info.name: is too long');
  expect(wordsOf({ message: '', details: {} })).toBeNull();
});
