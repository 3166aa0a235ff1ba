import { isAPIError } from 'better-auth/api';
import { and, eq, isNotNull } from 'drizzle-orm';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Queryable } from '#src/platform/database.ts';
import { type Random, secretToken } from '#src/platform/random.ts';
import type { Auth } from './auth.ts';
import { findAccount } from './store.ts';
import { signInMethods, verifications } from './tables.ts';

/** Days in which whoever was invited may choose a password: a weekend and an absence fit in. */
export const PASSWORD_LINK_DAYS = 7;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** Links by which a person chooses a password, for a new account or in the place of a lost one. */
export interface PasswordLinks {
  /** The secret of a new link; links of this person that were made before open nothing any more. */
  create(userId: string): Promise<string>;
  /** Whose link this is; null when it was used, is too old or never was. */
  ownerOf(token: string): Promise<{ userId: string; name: string; email: string } | null>;
  /**
   * Stores the password, spends the link, and ends every session of the account.
   * Returns  false when the link opens nothing (any more).
   */
  spend(given: { token: string; password: string }): Promise<boolean>;
}

/** better-auth keeps and spends the links; it only has no way of its own to make one for another. */
export function createPasswordLinks(needs: {
  auth: Auth;
  db: Db;
  clock: Clock;
  random: Random;
}): PasswordLinks {
  const { auth, db, clock, random } = needs;
  const ownerOf: PasswordLinks['ownerOf'] = async (token) => {
    if (!token) return null;
    const { internalAdapter } = await auth.$context;
    const kept = await internalAdapter.findVerificationValue(nameOf(token));
    if (!kept || kept.expiresAt <= clock.now()) return null;
    const account = await findAccount(db, kept.value);
    return account && { userId: account.userId, name: account.name, email: account.email };
  };
  return {
    ownerOf,

    async create(userId) {
      await db.delete(verifications).where(eq(verifications.value, userId));
      const token = secretToken(random);
      const { internalAdapter } = await auth.$context;
      const expiresAt = new Date(clock.now().getTime() + PASSWORD_LINK_DAYS * DAY_MILLISECONDS);
      await internalAdapter.createVerificationValue({
        identifier: nameOf(token),
        value: userId,
        expiresAt,
      });
      return token;
    },

    async spend({ token, password }) {
      if (!(await ownerOf(token))) return false;
      try {
        const { status } = await auth.api.resetPassword({ body: { token, newPassword: password } });
        return status;
      } catch (error) {
        // Sent twice at once: the other one has just spent it.
        if (isAPIError(error) && error.body?.code === 'INVALID_TOKEN') return false;
        throw error;
      }
    },
  };
}

/** Under this name better-auth looks for it when a password is chosen. */
const nameOf = (token: string) => `reset-password:${token}`;

/** Those of these accounts that have a password: their people have been here. */
export async function accountsWithPassword(db: Queryable): Promise<Set<string>> {
  const rows = await db
    .select({ userId: signInMethods.userId })
    .from(signInMethods)
    .where(and(eq(signInMethods.providerId, 'credential'), isNotNull(signInMethods.password)));
  return new Set(rows.map(({ userId }) => userId));
}
