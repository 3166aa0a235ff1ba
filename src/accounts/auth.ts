import { drizzleAdapter } from '@better-auth/drizzle-adapter';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { admin } from 'better-auth/plugins';
import { createAccessControl } from 'better-auth/plugins/access';
import type { Db } from '#src/platform/database.ts';
import type { Log } from '#src/platform/log.ts';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from './credentials.ts';
import { sessions, signInMethods, signInThrottle, users, verifications } from './tables.ts';
import type { Throttle } from './throttle.ts';

/** Set by our server on the calls it makes to better-auth; a header of a browser never gets here. */
export const CLIENT_ADDRESS_HEADER = 'x-kiex-client-address';
export const AUTH_PATH = '/api/auth';

const SESSION_SECONDS = 14 * 24 * 3600;

export interface AuthSettings {
  /** Where people reach KiEX, e.g. http://localhost:3000. */
  publicUrl: string;
  /** Other origins that are us too, e.g. http://127.0.0.1:3000. */
  trustedOrigins: string[];
  /** Signs session cookies; derived from the key ring. */
  secret: string;
}

// better-auth's own admin calls are not mounted anywhere: who may do what is decided in access.ts.
// The roles are named here because better-auth refuses to store a role that it does not know.
const control = createAccessControl({ user: [], session: [] });
const none = () => control.newRole({ user: [], session: [] });

/** Everything better-auth is told, without the database; `tables.test.ts` reads the tables off it. */
export function authOptions(settings: AuthSettings, throttle: Throttle) {
  return {
    appName: 'KiEX',
    baseURL: settings.publicUrl,
    basePath: AUTH_PATH,
    trustedOrigins: settings.trustedOrigins,
    secret: settings.secret,
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      autoSignIn: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
      // Whoever lost a password may have lost it to somebody.
      revokeSessionsOnPasswordReset: true,
    },
    user: { modelName: 'users' },
    account: { modelName: 'signInMethods' },
    // Who reads the table still cannot use the links.
    verification: { modelName: 'verifications', storeIdentifier: 'hashed' },
    session: {
      modelName: 'sessions',
      expiresIn: SESSION_SECONDS,
      // The cookie is set once, at sign-in: a session that outlived it would be of no use.
      disableSessionRefresh: true,
    },
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'signInThrottle',
      customStorage: throttle,
      // Each call hashes a password, which is slow on purpose. 60 lets a class sign up together.
      customRules: {
        '/sign-in/email': { window: 60, max: 60 },
        '/sign-up/email': { window: 60, max: 60 },
      },
    },
    advanced: {
      cookiePrefix: 'kiex',
      // Said aloud: better-auth would leave both out under a test runner.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      useSecureCookies: settings.publicUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
    },
    plugins: [
      admin({
        ac: control,
        roles: { student: none(), employer: none(), staff: none(), admin: none() },
        defaultRole: 'student',
        adminRoles: ['admin'],
        bannedUserMessage: 'banned',
      }),
    ],
  } satisfies BetterAuthOptions;
}

export function createAuth(deps: { db: Db; log: Log; settings: AuthSettings; throttle: Throttle }) {
  return betterAuth({
    ...authOptions(deps.settings, deps.throttle),
    // Below "error" better-auth writes e-mail addresses into its lines. [P3]
    logger: { level: 'error', log: (_level, message) => deps.log.error(`sign-in: ${message}`) },
    database: drizzleAdapter(deps.db, {
      provider: 'pg',
      schema: { users, sessions, signInMethods, verifications, signInThrottle },
      transaction: true,
    }),
  });
}

export type Auth = ReturnType<typeof createAuth>;
