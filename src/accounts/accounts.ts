import { z } from 'zod';
import type { Clock } from '#src/platform/clock.ts';
import type { Db } from '#src/platform/database.ts';
import type { Log } from '#src/platform/log.ts';
import type { Random } from '#src/platform/random.ts';
import {
  AUTH_PATH,
  type Auth,
  type AuthSettings,
  CLIENT_ADDRESS_HEADER,
  createAuth,
} from './auth.ts';
import {
  type Credentials,
  type FieldErrors,
  passwordError,
  plainEmail,
  readCredentials,
  readPerson,
} from './credentials.ts';
import { createPasswordLinks, type PasswordLinks } from './passwordLinks.ts';
import { type Account, findAccountByEmail, listAccounts } from './store.ts';
import { createThrottle } from './throttle.ts';
import { isRole, ROLES, type Role, type Viewer } from './viewer.ts';

/** A request from a browser, and the address it came from as our own server saw it. */
export interface Visit {
  request: Request;
  clientAddress: string;
}

/** `cookies` are whole Set-Cookie values: they go on the answer, so forms need no JavaScript. */
export type SignInAnswer =
  | { ok: true; cookies: string[]; role: Role }
  | { ok: false; reason: 'wrong' | 'closed' }
  | { ok: false; reason: 'foreign' }
  | { ok: false; reason: 'throttled'; retryAfterSeconds: number };

export type SignUpAnswer =
  | { ok: true; cookies: string[] }
  | { ok: false; reason: 'fields'; errors: FieldErrors }
  | { ok: false; reason: 'foreign' }
  | { ok: false; reason: 'throttled'; retryAfterSeconds: number };

export type ChoosePasswordAnswer =
  | { ok: true; cookies: string[]; role: Role }
  | { ok: false; reason: 'spent' }
  | { ok: false; reason: 'fields'; errors: FieldErrors };

export type CreateUserAnswer = { ok: true; userId: string } | { ok: false; errors: FieldErrors };

/** Who people are: signing up, in and out, and making accounts from the command line. */
export interface Accounts {
  signUp(visit: Visit, typed: Credentials): Promise<SignUpAnswer>;
  signIn(visit: Visit, typed: { email: string; password: string }): Promise<SignInAnswer>;
  /** Ends the session, if there is one. Returns Set-Cookie values that clear the cookie. */
  signOut(visit: Visit): Promise<string[]>;
  /** Null for everyone who is not signed in. */
  viewerOf(request: Request): Promise<Viewer | null>;
  /** For the command line and the sandbox: any role, no session. */
  createUser(input: Credentials & { role: Role }): Promise<CreateUserAnswer>;
  /** An account that nobody can sign in to before its person chose a password by a link. */
  createInvited(input: { name: string; email: string; role: Role }): Promise<CreateUserAnswer>;
  passwordLinks: Pick<PasswordLinks, 'create' | 'ownerOf'>;
  /** Spends a link: the password is stored, older sessions end, and the person is signed in. */
  choosePassword(
    visit: Visit,
    given: { token: string; password: string },
  ): Promise<ChoosePasswordAnswer>;
  list(): Promise<Account[]>;
}

export interface AccountsNeeds extends AuthSettings {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
}

/** Ten wrong passwords a minute from one address; right ones are not counted. */
const WRONG_PASSWORDS = { window: 60, max: 10 };
const LIST_LIMIT = 1000;

export function createAccounts({ db, clock, random, log, ...settings }: AccountsNeeds): Accounts {
  const throttle = createThrottle({ db, clock });
  const auth = createAuth({ db, log, settings, throttle });
  const passwordLinks = createPasswordLinks({ auth, db, clock, random });
  const call = (visit: Visit, path: string, body: object) =>
    auth.handler(asAuthRequest(visit, settings.publicUrl + AUTH_PATH + path, body));

  return {
    async signUp(visit, typed) {
      const read = readCredentials(typed);
      if (!read.ok) return { ok: false, reason: 'fields', errors: read.errors };
      const answer = await call(visit, '/sign-up/email', read.value);
      if (answer.ok) return { ok: true, cookies: answer.headers.getSetCookie() };
      if (answer.status === 422) {
        return { ok: false, reason: 'fields', errors: { email: EMAIL_TAKEN } };
      }
      return refusal(answer);
    },

    async signIn(visit, typed) {
      const wrongPasswords = `wrong|${visit.clientAddress}`;
      const turn = await throttle.consume(wrongPasswords, WRONG_PASSWORDS);
      if (!turn.allowed) {
        return { ok: false, reason: 'throttled', retryAfterSeconds: turn.retryAfter ?? 1 };
      }
      const email = plainEmail(typed.email);
      const answer = await call(visit, '/sign-in/email', { email, password: typed.password });
      if (answer.ok) {
        await throttle.giveBack(wrongPasswords);
        return { ok: true, cookies: answer.headers.getSetCookie(), role: await roleIn(answer) };
      }
      if (await saysBanned(answer)) return { ok: false, reason: 'closed' };
      // 400 is an e-mail that cannot be one: to the person the same as one that is not known.
      if (answer.status === 401 || answer.status === 400) return { ok: false, reason: 'wrong' };
      return refusal(answer);
    },

    async signOut(visit) {
      const answer = await call(visit, '/sign-out', {});
      return answer.headers.getSetCookie();
    },

    viewerOf: (request) => viewerOf(auth, request),

    async createUser({ role, ...typed }) {
      const read = readCredentials(typed);
      const errors: FieldErrors = read.ok ? {} : read.errors;
      if (!isRole(role)) errors.role = `Choose one of these roles: ${ROLES.join(', ')}.`;
      if (read.ok && (await findAccountByEmail(db, read.value.email))) errors.email = KNOWN;
      if (!read.ok || Object.keys(errors).length > 0) return { ok: false, errors };
      // No headers: this is the server itself, which needs no session.
      const { user } = await auth.api.createUser({ body: { ...read.value, role } });
      return { ok: true, userId: user.id };
    },

    async createInvited({ role, ...typed }) {
      const { name, email, errors } = readPerson(typed);
      if (!errors.email && (await findAccountByEmail(db, email))) errors.email = KNOWN;
      if (Object.keys(errors).length > 0) return { ok: false, errors };
      const { user } = await auth.api.createUser({ body: { name, email, role } });
      return { ok: true, userId: user.id };
    },

    passwordLinks,

    async choosePassword(visit, { token, password }) {
      const wrong = passwordError(password);
      if (wrong) return { ok: false, reason: 'fields', errors: { password: wrong } };
      const owner = await passwordLinks.ownerOf(token);
      if (!owner || !(await passwordLinks.spend({ token, password }))) {
        return { ok: false, reason: 'spent' };
      }
      const answer = await call(visit, '/sign-in/email', { email: owner.email, password });
      if (!answer.ok) return { ok: false, reason: 'spent' };
      return { ok: true, cookies: answer.headers.getSetCookie(), role: await roleIn(answer) };
    },

    list: () => listAccounts(db, LIST_LIMIT),
  };
}

const KNOWN = 'There is already an account with this e-mail address.';

const EMAIL_TAKEN =
  'There is already an account with this e-mail address. Sign in, or use another address.';

/** Passes on what better-auth judges by, and nothing else a browser may have sent. */
function asAuthRequest({ request, clientAddress }: Visit, url: string, body: object): Request {
  const headers = new Headers({ 'content-type': 'application/json' });
  for (const name of PASSED_ON) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  headers.set(CLIENT_ADDRESS_HEADER, clientAddress);
  return new Request(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

const PASSED_ON = [
  'cookie',
  'origin',
  'referer',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'user-agent',
];

const SignedIn = z.object({ user: z.object({ role: z.string().nullish() }) });

async function roleIn(answer: Response): Promise<Role> {
  const { role } = SignedIn.parse(await answer.json()).user;
  return isRole(role) ? role : 'student';
}

async function saysBanned(answer: Response): Promise<boolean> {
  if (answer.status !== 403) return false;
  const body: unknown = await answer.clone().json();
  return typeof body === 'object' && body !== null && 'code' in body && body.code === 'BANNED_USER';
}

function refusal(
  answer: Response,
):
  | { ok: false; reason: 'foreign' }
  | { ok: false; reason: 'throttled'; retryAfterSeconds: number } {
  if (answer.status === 429) {
    const retryAfterSeconds = Number(answer.headers.get('x-retry-after')) || 1;
    return { ok: false, reason: 'throttled', retryAfterSeconds };
  }
  if (answer.status === 403) return { ok: false, reason: 'foreign' };
  throw new Error(`better-auth answered ${answer.status}, which no form can cause`);
}

async function viewerOf(auth: Auth, request: Request): Promise<Viewer | null> {
  // Most readers of public pages have no cookie: no question to the database for them.
  if (!request.headers.get('cookie')?.includes('session_token')) return null;
  const session = await auth.api.getSession({ headers: request.headers });
  if (!session) return null;
  const { id, name, email, role } = session.user;
  return { userId: id, name, email, role: isRole(role) ? role : 'student' };
}
