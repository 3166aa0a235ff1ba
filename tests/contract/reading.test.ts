import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import type { Result } from '#src/platform/failure.ts';
import type { CallContext, Page, TheirRecord } from '#src/sync/connector.ts';
import type { Provider, Raw, RecordBench } from './bench.ts';
import { able, createStand, dropStands, must, readAll, type Stand } from './stand.ts';

afterAll(dropStands);

const html = (status: number) =>
  new Response('<html><body>Not here</body></html>', {
    status,
    headers: { 'content-type': 'text/html' },
  });

test.each(able('get'))(
  '[A1] %s, %s: gone is only what the provider says is gone',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { connector, bench } = stand.resource(name);
    const theirId = await bench.make!();
    const read = () => connector.get!(stand.context, theirId);
    expect(must(await connector.get!(stand.context, bench.noSuchId))).toBe('gone');
    const others = [html(404), html(410), html(500), html(503), Response.json({}, { status: 403 })];
    for (const answer of others) {
      stand.intercept(() => answer.clone());
      expect(await read()).toMatchObject({ ok: false });
    }
    stand.intercept(() => stand.bench.notFound());
    expect(must(await read())).toBe('gone');
    stand.intercept(null);
    await bench.remove?.(theirId);
    if (bench.remove) expect(must(await read())).toBe('gone');
  },
);

/** Lets the provider answer, and changes the record that it answered on its way. */
function rewriting(stand: Stand, { within }: RecordBench, change: (record: Raw) => unknown): void {
  stand.intercept(async (_request, act) => {
    const answer = await act();
    const json = (await answer.json()) as Raw;
    const changed = within ? { ...json, [within]: change(json[within] as Raw) } : change(json);
    return Response.json(changed, { status: answer.status });
  });
}

/** Sets what stands under a key, which may lead down by dots; undefined takes it away. */
function put(record: Raw, key: string, value: unknown): Raw {
  const [step = '', ...rest] = key in record ? [key] : key.split('.');
  if (rest.length > 0) {
    const below = record[step];
    if (typeof below !== 'object' || below === null) return record;
    return { ...record, [step]: put(below as Raw, rest.join('.'), value) };
  }
  const { [step]: _left, ...others } = record;
  return value === undefined ? others : { ...others, [step]: value };
}

async function readOne(stand: Stand, name: string, theirId: string): Promise<TheirRecord> {
  const read = must(await stand.resource(name).connector.get!(stand.context, theirId));
  if (read === 'gone') throw new Error('gone');
  return read;
}

test.each(able('get'))(
  '[M7] %s, %s: fields and words that are not known, and fields that are missing, break nothing',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { bench } = stand.resource(name);
    const theirId = await bench.make!();
    const plain = await readOne(stand, name, theirId);
    const more = { of_later: { a: [1] }, also_new: 'x' };
    rewriting(stand, bench, (json) => ({ ...json, ...more }));
    expect(await readOne(stand, name, theirId)).toEqual(plain);
    for (const word of bench.words ?? []) {
      rewriting(stand, bench, (json) => put(json, word, 'a_word_of_later'));
      const values = Object.values((await readOne(stand, name, theirId)).values);
      expect(values.some((value) => String(value).includes('a_word_of_later'))).toBe(true);
    }
    stand.intercept(null);
    const missing = Object.keys(bench.raw!(theirId)).filter(
      (key) => key !== 'id' && !bench.needed?.includes(key),
    );
    for (const key of missing) {
      rewriting(stand, bench, (json) => put(json, key, undefined));
      expect((await readOne(stand, name, theirId)).id).toBe(theirId);
      rewriting(stand, bench, (json) => put(json, key, null));
      expect((await readOne(stand, name, theirId)).id).toBe(theirId);
    }
  },
);

test.each(able('list', 'get'))(
  '[F3] [F1] %s, %s: a row that cannot be read is named, and its page is read all the same',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { connector, bench } = stand.resource(name);
    const theirId = await bench.make!();
    const other = await bench.make!();
    const field = connector.fields.find(({ theirs, canonical }) => {
      return theirs !== '' && 'problem' in canonical({ not: 'plain' });
    })!;
    stand.intercept(async (_request, act) => {
      const text = await (await act()).text();
      const json = JSON.parse(text) as { results?: Raw[] } & Raw[];
      const rows = bench.rows?.(json as unknown as Raw) ?? json.results ?? json;
      for (const row of rows) {
        if (String(row.id) !== theirId) continue;
        Object.assign(row, put(row, field.theirs, { not: 'plain' }));
      }
      return Response.json(json);
    });
    const page = must(await connector.list!(stand.context, null));
    expect(page.surprises).toMatchObject([{ theirId, path: field.theirs }]);
    expect(page.records.map(({ id }) => id)).toContain(other);
  },
);

const rowsMax = 230;

async function makeMany(stand: Stand, name: string): Promise<string[]> {
  const { bench } = stand.resource(name);
  const ids: string[] = [];
  for (let made = 0; made < rowsMax; made++) ids.push(await bench.make!());
  return ids;
}

type Reading = (
  context: CallContext,
  cursor: Parameters<typeof readAll>[0] extends (cursor: infer C) => unknown ? C : never,
) => Promise<Result<Page>>;

/** Both ways to read a list: whole, and since a time before everything. */
async function readingsOf(stand: Stand, name: string): Promise<Reading[]> {
  const { connector, bench } = stand.resource(name);
  const { changedAt } = await readOne(stand, name, await bench.make!());
  const list: Reading = (context, cursor) => connector.list!(context, cursor);
  if (!connector.changedSince || !changedAt) return [list];
  return [list, (context, cursor) => connector.changedSince!(context, changedAt, cursor)];
}

test.each(able('list', 'get'))(
  '%s, %s: pages in an order that shifts by itself show every record',
  async (provider, name) => {
    const stand = await createStand(provider);
    const readings = await readingsOf(stand, name);
    const ids = await makeMany(stand, name);
    stand.bench.shuffle();
    for (const read of readings) {
      const seen = await readAll((cursor) => read(stand.context, cursor));
      expect(ids.filter((id) => !seen.has(id))).toEqual([]);
    }
  },
);

test.each(able('list', 'get'))(
  '%s, %s: records that come, change and go while pages are read hide no other for long',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { bench } = stand.resource(name);
    const readings = await readingsOf(stand, name);
    const ids = await makeMany(stand, name);
    const gone = new Set<string>();
    for (const read of readings) {
      const stir = async () => {
        ids.push(await bench.make!());
        await bench.alter?.(ids[7]!);
        const leaving = ids.find((id) => !gone.has(id))!;
        await bench.remove?.(leaving);
        gone.add(leaving);
        await bench.alter?.(ids.at(-3)!);
      };
      const seen = await readAll((cursor) => read(stand.context, cursor), stir);
      // A row that slipped by as others left is shown by the next read, which comes by itself.
      const next = await readAll((cursor) => read(stand.context, cursor));
      const unseen = ids.filter((id) => !gone.has(id) && !seen.has(id) && !next.has(id));
      expect(unseen).toEqual([]);
    }
  },
);

interface Fixture {
  resource: string;
  /** Where the body was taken from. */
  source: string;
  body: unknown;
  /** The records in it, as far as they are told here. */
  records: (Partial<TheirRecord> & { id: string })[];
}

const folderOf = (provider: Provider) =>
  new URL(`../../src/providers/${provider}/fixtures/`, import.meta.url);

const fixturesOf = (provider: Provider): [string, Fixture][] =>
  readdirSync(folderOf(provider)).map((file) => [
    file,
    JSON.parse(readFileSync(new URL(file, folderOf(provider)), 'utf8')) as Fixture,
  ]);

test.each([...new Set(able('get').map(([provider]) => provider))])(
  '%s: answers as they were written down are read as they are meant',
  async (provider) => {
    const fixtures = fixturesOf(provider);
    const told = new Set(fixtures.map(([, { resource }]) => resource));
    const readable = able('get').filter(([of]) => of === provider);
    expect(readable.map(([, name]) => name).filter((name) => !told.has(name))).toEqual([]);
    for (const [file, { resource, body, records }] of fixtures) {
      const stand = await createStand(provider);
      const { connector } = stand.resource(resource);
      stand.intercept(() => Response.json(body));
      const { within } = stand.resource(resource).bench;
      const isOne = records.length === 1 && (within ?? 'id') in (body as Raw);
      const read = isOne
        ? [must(await connector.get!(stand.context, records[0]!.id))]
        : must(await connector.list!(stand.context, null)).records;
      expect([file, read]).toMatchObject([file, records]);
    }
  },
);
