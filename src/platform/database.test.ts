import net from 'node:net';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { openDatabase } from './database.ts';
import { migrateDatabase } from './migrate.ts';
import { StartProblem } from './startProblem.ts';
import { providerQuota } from './tables.ts';
import { createTestDatabase } from './testDatabase.ts';

const { db, pool, url, drop } = await createTestDatabase();
const log = pino({ level: 'silent' });
afterAll(drop);

test('column names are written in snake case and instants come back as dates', async () => {
  const theoreticalArrival = new Date('2027-01-12T00:00:00.000Z');
  await db.insert(providerQuota).values({ key: 'manatal', callsPerMinute: 90, theoreticalArrival });
  const rows = await db.select().from(providerQuota);
  expect(rows[0]?.theoreticalArrival).toEqual(theoreticalArrival);
});

test('processes that migrate at the same time do not disturb each other', async () => {
  await db.execute(sql`drop schema public cascade`);
  await db.execute(sql`drop schema drizzle cascade`);
  await db.execute(sql`create schema public`);
  await Promise.all([migrateDatabase(pool), migrateDatabase(pool), migrateDatabase(pool)]);
  expect(await db.select().from(providerQuota)).toEqual([]);
});

test('two test databases do not see each other', async () => {
  const other = await createTestDatabase();
  await other.db.execute(sql`create table only_there ()`);
  await expect(pool.query('select * from only_there')).rejects.toThrow('does not exist');
  await other.drop();
});

test('a server given by its address is used as it is', async () => {
  const database = await openDatabase({ url, dataDir: '/nowhere', log });
  expect(database.kind).toBe('server');
  const { rows } = await database.pool.query(`select current_setting('application_name') as name`);
  expect(rows).toEqual([{ name: 'kiex' }]);
  await database.close();
});

test('a server that does not answer is named with the reason, and never with its password', async () => {
  const { port, close } = await listenOnce((socket) => socket.destroy());
  await close();
  const address = `postgres://kiex:secret-word@127.0.0.1:${port}/kiex`;
  const start = systemClock.now().getTime();
  let slept = 0;
  const clock = {
    now: () => new Date(start + slept),
    sleep: async (milliseconds: number) => {
      slept += milliseconds;
    },
  };
  const problem = await openDatabase({ url: address, dataDir: '/nowhere', log, clock }).catch(
    (error) => error,
  );
  expect(problem).toBeInstanceOf(StartProblem);
  expect(problem.message).toContain(`127.0.0.1:${port}`);
  expect(problem.message).toContain('ECONNREFUSED');
  expect(problem.remedy).toContain('DATABASE_URL');
  expect(slept).toBe(10_000);
  expect(`${problem.message} ${problem.remedy}`).not.toContain('secret-word');
});

test('a wrong password is said at once, without the password', async () => {
  const { port, close } = await listenOnce((socket) =>
    socket.once('data', () => socket.end(message('E', 'SFATAL\0C28P01\0Mpassword wrong\0\0'))),
  );
  const address = `postgres://kiex:secret-word@127.0.0.1:${port}/kiex`;
  const problem = await openDatabase({ url: address, dataDir: '/nowhere', log }).catch(
    (error) => error,
  );
  expect(problem).toBeInstanceOf(StartProblem);
  expect(problem.message).toContain('password wrong');
  expect(`${problem.message} ${problem.remedy}`).not.toContain('secret-word');
  await close();
});

test('a server older than PostgreSQL 15 is refused by its version', async () => {
  const { port, close } = await listenOnce((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', '\0\0\0\0'), message('Z', 'I')]));
      socket.once('data', () => socket.write(versionAnswer('14.9', '140009')));
    });
  });
  const address = `postgres://kiex@127.0.0.1:${port}/kiex`;
  const problem = await openDatabase({ url: address, dataDir: '/nowhere', log }).catch(
    (error) => error,
  );
  expect(problem).toBeInstanceOf(StartProblem);
  expect(problem.message).toContain('PostgreSQL 14.9');
  expect(problem.remedy).toContain('15');
  await close();
});

/** A server that speaks just enough of PostgreSQL's protocol to be misunderstood by nobody. */
async function listenOnce(speak: (socket: net.Socket) => void) {
  const server = net.createServer(speak);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(resolve)) };
}

function message(kind: string, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length + 4);
  return Buffer.concat([Buffer.from(kind), length, bytes]);
}

function versionAnswer(name: string, number: string): Buffer {
  const column = (title: string, type: number) => {
    const rest = Buffer.alloc(18);
    rest.writeInt32BE(type, 6);
    return Buffer.concat([Buffer.from(`${title}\0`), rest]);
  };
  const value = (text: string) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  };
  const two = Buffer.from([0, 2]);
  return Buffer.concat([
    message('T', Buffer.concat([two, column('name', 25), column('number', 23)])),
    message('D', Buffer.concat([two, value(name), value(number)])),
    message('C', 'SELECT 1\0'),
    message('Z', 'I'),
  ]);
}
