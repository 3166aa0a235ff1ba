import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAccounts } from '#src/accounts/accounts.ts';
import { users } from '#src/accounts/tables.ts';
import { ManualClock } from '#src/platform/clock.ts';
import { createLog } from '#src/platform/log.ts';
import { createIds, systemRandom } from '#src/platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#src/platform/testDatabase.ts';
import { activity } from '#src/sync/tables.ts';
import { createEmployers, type Employers } from './employers.ts';
import { organizationsOf } from './memberships.ts';
import { organizations } from './tables.ts';

const publicUrl = 'http://localhost:3000';
// better-auth looks at the clock of the machine too.
const clock = new ManualClock(new Date());
const newId = createIds(clock, systemRandom);

let database: TestDatabase;
let accounts: ReturnType<typeof createAccounts>;
let employers: Employers;
let hotels: string;
let labs: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const log = createLog({ level: 'silent', pretty: false });
  const secret = 'a secret of the test, long enough to sign';
  const settings = { publicUrl, trustedOrigins: [publicUrl], secret };
  accounts = createAccounts({ db, clock, random: systemRandom, log, ...settings });
  employers = createEmployers({ db, clock, newId, accounts, publicUrl });
});
afterAll(() => database.drop());

beforeEach(async () => {
  const { db } = database;
  for (const table of [users, organizations, activity]) await db.delete(table);
  [hotels, labs] = [newId(), newId()];
  const made = { createdAt: clock.now(), updatedAt: clock.now() };
  await db.insert(organizations).values([
    { id: hotels, slug: 'hotels', name: 'Hotels', ...made },
    { id: labs, slug: 'labs', name: 'Labs', ...made },
  ]);
});

const ana = { name: 'Ana Example', email: 'ana@hotel.example', fromStudent: false };
const invite = (organizationId: string, who = ana) =>
  employers.invite({ organizationId, organizationName: '', ...who }, 'staff 1');
const actsFor = async (userId: string) =>
  (await organizationsOf(database.db, userId)).map(({ name }) => name);
const roleOf = async (email: string) => {
  const [row] = await database.db.select().from(users).where(eq(users.email, email));
  return row?.role;
};

test('an invited person acts for that employer and chooses a password by the link', async () => {
  const invited = await invite(hotels);
  if (!invited.ok || !invited.link) throw new Error('not invited');
  expect(invited.done).toBe('invited');
  expect(await actsFor(invited.userId)).toEqual(['Hotels']);
  const token = new URL(invited.link.url).searchParams.get('token')!;
  expect(await accounts.passwordLinks.ownerOf(token)).toMatchObject({ userId: invited.userId });
  expect(await employers.list()).toMatchObject([
    { name: 'Hotels', people: [{ email: ana.email, hasPassword: false }] },
    { name: 'Labs', people: [] },
  ]);
});

test('one person may act for several employers, and is asked for one password', async () => {
  await accounts.createUser({ ...ana, password: 'three words here', role: 'employer' });
  const first = await invite(hotels);
  const second = await invite(labs);
  expect([first, second]).toMatchObject([
    { done: 'added', link: null },
    { done: 'added', link: null },
  ]);
  expect(await invite(labs)).toMatchObject({ ok: true, done: 'there' });
  expect(await actsFor(first.ok ? first.userId : '')).toEqual(['Hotels', 'Labs']);
});

test('a student is given nothing before staff were asked', async () => {
  const made = await accounts.createUser({ ...ana, password: 'three words here', role: 'student' });
  const userId = made.ok ? made.userId : '';
  expect(await invite(hotels)).toEqual({ ok: false, reason: 'student' });
  expect([await roleOf(ana.email), await actsFor(userId)]).toEqual(['student', []]);
  expect(await invite(hotels, { ...ana, fromStudent: true })).toMatchObject({ done: 'added' });
  expect([await roleOf(ana.email), await actsFor(userId)]).toEqual(['employer', ['Hotels']]);
});

test('staff stay staff, and what cannot stand is said by field', async () => {
  await accounts.createUser({ ...ana, password: 'three words here', role: 'staff' });
  expect(await invite(hotels)).toMatchObject({ errors: { email: expect.any(String) } });
  expect(await roleOf(ana.email)).toBe('staff');
  expect(await invite('no id', { ...ana, name: ' ', email: 'x' })).toMatchObject({
    reason: 'fields',
    errors: {
      organizationId: expect.any(String),
      name: expect.any(String),
      email: expect.any(String),
    },
  });
});

test('an employer that is not here yet is made with its first person', async () => {
  const named = { organizationId: '', organizationName: ' Lagoon  Tours ', ...ana };
  const first = await employers.invite(named, 'staff 1');
  expect(await actsFor(first.ok ? first.userId : '')).toEqual(['Lagoon Tours']);
  const other = { ...named, organizationName: 'lagoon tours', email: 'b@hotel.example' };
  await employers.invite(other, 'staff 1');
  expect((await employers.list()).map(({ name }) => name)).toEqual([
    'Hotels',
    'Labs',
    'Lagoon Tours',
  ]);
});

test('a removed person acts for nobody, and only employers’ people get links', async () => {
  const invited = await invite(hotels);
  const userId = invited.ok ? invited.userId : '';
  expect(await employers.remove({ userId, organizationId: hotels }, 'staff 1')).toBe(true);
  expect(await employers.remove({ userId, organizationId: hotels }, 'staff 1')).toBe(false);
  expect(await actsFor(userId)).toEqual([]);
  expect(await employers.newLink(userId, 'staff 1')).toMatchObject({ days: 7 });
  const student = { ...ana, email: 'student@a.example', password: 'three words here' };
  const made = await accounts.createUser({ ...student, role: 'student' });
  expect(await employers.newLink(made.ok ? made.userId : '', 'staff 1')).toBeNull();
});

test('[P3] what staff did is in the activity log by ids only', async () => {
  const invited = await invite(hotels);
  const userId = invited.ok ? invited.userId : '';
  await employers.remove({ userId, organizationId: hotels }, 'staff 1');
  const lines = await database.db.select().from(activity);
  expect(lines.map(({ action }) => action).sort()).toEqual([
    'employer’s person invited',
    'employer’s person removed',
  ]);
  const told = JSON.stringify(lines);
  expect(told).toContain(userId);
  expect(told).not.toMatch(/Ana|hotel\.example|token/);
});
