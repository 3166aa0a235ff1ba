import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#src/platform/clock.ts';
import { createLog } from '#src/platform/log.ts';
import { systemRandom } from '#src/platform/random.ts';
import { createTestDatabase, type TestDatabase } from '#src/platform/testDatabase.ts';
import { type Accounts, createAccounts, type Visit } from './accounts.ts';
import { sessions, signInThrottle, users } from './tables.ts';

const HERE = 'http://localhost:3000';
const PASSWORD = 'breadfruit season';
const log = createLog({ level: 'silent', pretty: false });

let database: TestDatabase;
let clock: ManualClock;
let accounts: Accounts;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  await database.db.delete(users);
  await database.db.delete(signInThrottle);
  clock = new ManualClock();
  accounts = accountsAt(HERE);
});

function accountsAt(publicUrl: string): Accounts {
  const trustedOrigins = ['http://localhost:3000', 'http://127.0.0.1:3000'];
  const secret = 'a secret of the test, long enough to sign';
  const random = systemRandom;
  return createAccounts({ db: database.db, clock, random, log, publicUrl, trustedOrigins, secret });
}

/** A form sent by a browser. */
function visit({
  origin = HERE,
  cookie = '',
  address = '192.0.2.7',
  site = 'same-origin',
} = {}): Visit {
  const headers = new Headers({ origin, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' });
  if (cookie) headers.set('cookie', cookie);
  const request = new Request(`${origin}/sign-in`, { method: 'POST', headers });
  return { request, clientAddress: address };
}

const cookieOf = (cookies: string[]) => cookies.map((cookie) => cookie.split(';')[0]).join('; ');
const maria = { name: 'Maria Example', email: 'maria@student.example', password: PASSWORD };

async function signUpMaria() {
  const answer = await accounts.signUp(visit(), maria);
  if (!answer.ok) throw new Error('Maria could not sign up');
  return cookieOf(answer.cookies);
}

describe('signing up', () => {
  test('makes a student, who is signed in at once', async () => {
    const answer = await accounts.signUp(visit(), { ...maria, email: ' Maria@Student.Example ' });
    expect(answer.ok).toBe(true);
    const cookie = cookieOf(answer.ok ? answer.cookies : []);
    const viewer = await accounts.viewerOf(new Request(HERE, { headers: { cookie } }));
    expect(viewer).toEqual({
      userId: expect.any(String),
      name: 'Maria Example',
      email: 'maria@student.example',
      role: 'student',
    });
  });

  test('nobody can make themselves staff by naming a role', async () => {
    await accounts.signUp(visit(), { ...maria, role: 'admin' } as typeof maria);
    expect((await accounts.list()).map(({ role }) => role)).toEqual(['student']);
  });

  test('says what is wrong with each field', async () => {
    const answer = await accounts.signUp(visit(), { name: ' ', email: 'maria', password: 'short' });
    expect(answer).toEqual({
      ok: false,
      reason: 'fields',
      errors: {
        name: 'Write your name.',
        email: 'Write an e-mail address like name@school.example.',
        password: 'Choose a password of at least 10 characters.',
      },
    });
  });

  test('one e-mail address is one account, however it is written', async () => {
    await signUpMaria();
    const answer = await accounts.signUp(visit(), { ...maria, email: 'MARIA@student.example' });
    expect(answer).toMatchObject({ reason: 'fields', errors: { email: expect.any(String) } });
    expect(await accounts.list()).toHaveLength(1);
  });

  test('a form on another site cannot sign anyone up', async () => {
    const stranger = visit({ origin: 'https://stranger.example', site: 'cross-site' });
    expect(await accounts.signUp(stranger, maria)).toEqual({ ok: false, reason: 'foreign' });
    expect(await accounts.list()).toEqual([]);
  });
});

describe('signing in', () => {
  test('works on localhost and on 127.0.0.1', async () => {
    await signUpMaria();
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1:3000']) {
      expect(await accounts.signIn(visit({ origin }), maria)).toMatchObject({ ok: true });
    }
  });

  test('works beside an old session, and ends with signing out', async () => {
    const old = await signUpMaria();
    const answer = await accounts.signIn(visit({ cookie: old }), maria);
    const cookie = cookieOf(answer.ok ? answer.cookies : []);
    const cleared = await accounts.signOut(visit({ cookie }));
    expect(cleared.join()).toMatch(/session_token=;.*Max-Age=0/i);
    expect(await accounts.viewerOf(new Request(HERE, { headers: { cookie } }))).toBeNull();
  });

  test('the cookie is out of reach of scripts and other sites', async () => {
    await signUpMaria();
    const answer = await accounts.signIn(visit(), maria);
    const cookies = answer.ok ? answer.cookies : [];
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(/HttpOnly/);
    expect(cookies[0]).toMatch(/SameSite=Lax/);
    expect(cookies[0]).not.toMatch(/Secure/);
  });

  test('the cookie needs TLS where people come by https', async () => {
    await signUpMaria();
    const origin = 'https://kiex.example';
    const answer = await accountsAt(origin).signIn(visit({ origin }), maria);
    expect(answer.ok && answer.cookies[0]).toMatch(/^__Secure-.*; Secure/);
  });

  test('a wrong password and an unknown address sound the same', async () => {
    await signUpMaria();
    const wrong = await accounts.signIn(visit(), { ...maria, password: 'mango season' });
    const unknown = await accounts.signIn(visit(), { ...maria, email: 'nobody@student.example' });
    const noAddress = await accounts.signIn(visit(), { ...maria, email: 'nobody' });
    expect(wrong).toEqual({ ok: false, reason: 'wrong' });
    expect(unknown).toEqual(wrong);
    expect(noAddress).toEqual(wrong);
  });

  test('after ten wrong passwords an address waits a minute; others do not', async () => {
    await signUpMaria();
    const guess = { ...maria, password: 'mango season' };
    for (let tries = 0; tries < 10; tries += 1) {
      expect(await accounts.signIn(visit(), guess)).toEqual({ ok: false, reason: 'wrong' });
    }
    await clock.advance(20_000);
    const refused = { ok: false, reason: 'throttled', retryAfterSeconds: 40 };
    expect(await accounts.signIn(visit(), maria)).toEqual(refused);
    expect(await accounts.signIn(visit({ address: '192.0.2.8' }), maria)).toMatchObject({
      ok: true,
    });
    await clock.advance(40_000);
    expect(await accounts.signIn(visit(), maria)).toMatchObject({ ok: true });
  });

  test('right passwords from one address are not counted as guesses', async () => {
    await signUpMaria();
    for (let tries = 0; tries < 12; tries += 1) {
      expect(await accounts.signIn(visit(), maria)).toMatchObject({ ok: true });
    }
  });

  test('a browser cannot choose the address it is counted under', async () => {
    const { request } = visit();
    for (let tries = 0; tries < 10; tries += 1) {
      const headers = new Headers(request.headers);
      headers.set('x-forwarded-for', `198.51.100.${tries}`);
      headers.set('x-kiex-client-address', `198.51.100.${tries}`);
      const posing = {
        request: new Request(request.url, { method: 'POST', headers }),
        clientAddress: '192.0.2.7',
      };
      await accounts.signIn(posing, { email: 'a@b.example', password: 'mango season' });
    }
    expect(await accounts.signIn(visit(), maria)).toMatchObject({ reason: 'throttled' });
  });

  test('a closed account is told so only with the right password', async () => {
    await signUpMaria();
    await database.db.update(users).set({ banned: true });
    expect(await accounts.signIn(visit(), maria)).toEqual({ ok: false, reason: 'closed' });
    const guess = { ...maria, password: 'mango season' };
    expect(await accounts.signIn(visit(), guess)).toEqual({ ok: false, reason: 'wrong' });
  });
});

describe('knowing the viewer', () => {
  test('no cookie, a forged cookie and an ended session are nobody', async () => {
    const cookie = await signUpMaria();
    const [name, value = ''] = cookie.split('=');
    const forged = `${name}=${value.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'))}`;
    for (const given of ['', 'kiex.session_token=x.y', forged]) {
      expect(await accounts.viewerOf(new Request(HERE, { headers: { cookie: given } }))).toBeNull();
    }
    await database.db.update(sessions).set({ expiresAt: new Date('2020-01-01') });
    expect(await accounts.viewerOf(new Request(HERE, { headers: { cookie } }))).toBeNull();
  });

  test('a changed role holds from the next request on', async () => {
    const cookie = await signUpMaria();
    await database.db.update(users).set({ role: 'staff' }).where(eq(users.email, maria.email));
    const viewer = await accounts.viewerOf(new Request(HERE, { headers: { cookie } }));
    expect(viewer?.role).toBe('staff');
  });
});

describe('making accounts from the command line', () => {
  test('any role, able to sign in, without a session of its own', async () => {
    const made = await accounts.createUser({ ...maria, role: 'staff' });
    expect(made).toEqual({ ok: true, userId: expect.any(String) });
    expect(await database.db.select().from(sessions)).toEqual([]);
    expect(await accounts.signIn(visit(), maria)).toMatchObject({ ok: true, role: 'staff' });
    expect(await accounts.list()).toMatchObject([{ email: maria.email, role: 'staff' }]);
  });

  test('gives every reason at once', async () => {
    const wrong = { name: '', email: 'x', password: 'short', role: 'owner' as 'admin' };
    const answer = await accounts.createUser(wrong);
    expect(answer).toMatchObject({
      ok: false,
      errors: {
        name: 'Write your name.',
        email: expect.stringMatching(/^Write an e-mail/),
        password: expect.stringMatching(/at least 10/),
        role: 'Choose one of these roles: student, employer, staff, admin.',
      },
    });
  });

  test('says when the e-mail address is taken', async () => {
    await accounts.createUser({ ...maria, role: 'staff' });
    const again = await accounts.createUser({
      ...maria,
      email: 'Maria@student.example',
      role: 'admin',
    });
    expect(again).toEqual({
      ok: false,
      errors: { email: 'There is already an account with this e-mail address.' },
    });
  });
});
