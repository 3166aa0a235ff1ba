import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '#src/platform/clock.ts';
import { createLog } from '#src/platform/log.ts';
import { systemRandom } from '#src/platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#src/platform/testDatabase.ts';
import { type Accounts, createAccounts, type Visit } from './accounts.ts';
import { users, verifications } from './tables.ts';

const HERE = 'http://localhost:3000';
const PASSWORD = 'breadfruit season';

let database: TestDatabase;
let clock: ManualClock;
let accounts: Accounts;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  await database.db.delete(users);
  // better-auth looks at the clock of the machine too.
  clock = new ManualClock(new Date());
  accounts = createAccounts({
    db: database.db,
    clock,
    random: systemRandom,
    log: createLog({ level: 'silent', pretty: false }),
    publicUrl: HERE,
    trustedOrigins: [HERE],
    secret: 'a secret of the test, long enough to sign',
  });
});

/** A form sent by a browser. */
function visit(): Visit {
  const headers = { origin: HERE, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' };
  const request = new Request(`${HERE}/set-password`, { method: 'POST', headers });
  return { request, clientAddress: '192.0.2.7' };
}

const cookieOf = (cookies: string[]) => cookies.map((cookie) => cookie.split(';')[0]).join('; ');
const ana = { name: 'Ana Example', email: 'ana@hotel.example', role: 'employer' as const };
const chosen = { email: ana.email, password: PASSWORD };

async function invited() {
  const made = await accounts.createInvited(ana);
  if (!made.ok) throw new Error('Ana could not be invited');
  return { userId: made.userId, token: await accounts.passwordLinks.create(made.userId) };
}

test('nobody signs in to an invited account before; afterwards its person is signed in', async () => {
  const { token, userId } = await invited();
  expect(await accounts.signIn(visit(), chosen)).toEqual({ ok: false, reason: 'wrong' });
  expect(await accounts.passwordLinks.ownerOf(token)).toMatchObject({ userId, email: ana.email });
  const answer = await accounts.choosePassword(visit(), { token, password: PASSWORD });
  expect(answer).toMatchObject({ ok: true, role: 'employer' });
  expect(await accounts.signIn(visit(), chosen)).toMatchObject({ ok: true });
});

test('a link opens once, and a newer one ends it', async () => {
  const { token, userId } = await invited();
  const newer = await accounts.passwordLinks.create(userId);
  const spent = { ok: false, reason: 'spent' };
  expect(await accounts.choosePassword(visit(), { token, password: PASSWORD })).toEqual(spent);
  const both = { token: newer, password: PASSWORD };
  const answers = [accounts.choosePassword(visit(), both), accounts.choosePassword(visit(), both)];
  const won = (await Promise.all(answers)).filter(({ ok }) => ok);
  expect(won).toHaveLength(1);
  expect(await accounts.passwordLinks.ownerOf(newer)).toBeNull();
});

test('a link lives seven days, and a poor password does not spend it', async () => {
  const { token } = await invited();
  const poor = await accounts.choosePassword(visit(), { token, password: 'short' });
  expect(poor).toMatchObject({ reason: 'fields', errors: { password: expect.any(String) } });
  await clock.advance(7 * 24 * 3600 * 1000);
  expect(await accounts.passwordLinks.ownerOf(token)).toBeNull();
});

test('[P5] the table does not hold the secret, and sessions from before end', async () => {
  const { token, userId } = await invited();
  const kept = await database.db.select().from(verifications);
  expect(JSON.stringify(kept)).not.toContain(token);
  const first = await accounts.choosePassword(visit(), { token, password: PASSWORD });
  const cookie = cookieOf(first.ok ? first.cookies : []);
  const again = await accounts.passwordLinks.create(userId);
  await accounts.choosePassword(visit(), { token: again, password: 'mango season here' });
  expect(await accounts.viewerOf(new Request(HERE, { headers: { cookie } }))).toBeNull();
});
