import { asc, eq } from 'drizzle-orm';
import type { Accounts } from '#src/accounts/accounts.ts';
import { type FieldErrors, plainLine, readPerson } from '#src/accounts/credentials.ts';
import { accountsWithPassword, PASSWORD_LINK_DAYS } from '#src/accounts/passwordLinks.ts';
import { findAccount, findAccountByEmail, setRole } from '#src/accounts/store.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { record } from '#src/sync/activity.ts';
import { allConnections, type Connection } from '#src/sync/connections.ts';
import { addMembership, listMembers, type Membership, removeMembership } from './memberships.ts';
import { organizationNamed } from './store.ts';
import { organizations } from './tables.ts';

export interface EmployerPerson {
  userId: string;
  name: string;
  email: string;
  addedAt: Date;
  /** False: the link that was made for them has not been used yet. */
  hasPassword: boolean;
}

/** An employer with who acts for it and the accounts it is connected by. */
export interface Employer {
  id: string;
  slug: string;
  name: string;
  people: EmployerPerson[];
  connections: Pick<Connection, 'id' | 'label' | 'state'>[];
}

export interface Invitation {
  /** Empty for one that is named: found by this name, or new here. */
  organizationId: string;
  organizationName: string;
  name: string;
  email: string;
  /** Staff know that this is a student's account, and that it stops being one. */
  fromStudent: boolean;
}

export type InviteAnswer =
  /** link  null: the person has a password already and signs in with it. */
  | { ok: true; done: 'invited' | 'added' | 'there'; userId: string; link: PasswordLink | null }
  /** The account is a student's: nothing was done, and staff are asked first. */
  | { ok: false; reason: 'student' }
  | { ok: false; reason: 'fields'; errors: FieldErrors };

export interface PasswordLink {
  url: string;
  days: number;
}

/** Which people act for which employer, and how they come in. Every change is in the activity log. */
export interface Employers {
  /** In the order of the alphabet; also those that nobody acts for. */
  list(): Promise<Employer[]>;
  /** by  who invites, for the activity log. */
  invite(invitation: Invitation, by: string): Promise<InviteAnswer>;
  /** A new link to choose a password by; the one before opens nothing. Null: no employer's person. */
  newLink(userId: string, by: string): Promise<PasswordLink | null>;
  /** From the next request on nothing of that employer is shown to them. False: they were none. */
  remove(of: Membership, by: string): Promise<boolean>;
}

export interface EmployersNeeds {
  db: Db;
  clock: Clock;
  newId: NewId;
  accounts: Pick<Accounts, 'createInvited' | 'passwordLinks'>;
  publicUrl: string;
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function createEmployers(needs: EmployersNeeds): Employers {
  const { db } = needs;
  return {
    list: () => list(db),
    invite: (invitation, by) => invite(needs, invitation, by),

    async newLink(userId, by) {
      const account = await findAccount(db, userId);
      if (account?.role !== 'employer') return null;
      const link = await linkFor(needs, userId);
      await note(needs, { action: 'password link made', by, userId });
      return link;
    },

    async remove(of, by) {
      const removed = uuid.test(of.organizationId) && (await removeMembership(db, of));
      if (removed) await note(needs, { action: 'employer’s person removed', by, ...of });
      return removed;
    },
  };
}

async function list(db: Db): Promise<Employer[]> {
  const { id, slug, name } = organizations;
  const [rows, members, accounts, withPassword] = await Promise.all([
    db.select({ id, slug, name }).from(organizations).orderBy(asc(name), asc(id)),
    listMembers(db),
    allConnections(db),
    accountsWithPassword(db),
  ]);
  const people = Map.groupBy(members, ({ organizationId }) => organizationId);
  const connected = Map.groupBy(accounts, ({ organizationId }) => organizationId);
  return rows.map((row) => ({
    ...row,
    people: (people.get(row.id) ?? []).map(({ organizationId: _, ...person }) => ({
      ...person,
      hasPassword: withPassword.has(person.userId),
    })),
    connections: (connected.get(row.id) ?? []).map(({ id, label, state }) => ({
      id,
      label,
      state,
    })),
  }));
}

/** Nobody gets to see anything by it who has an account of another kind: that is asked or refused. */
async function invite(
  needs: EmployersNeeds,
  { organizationId, organizationName, fromStudent, ...typed }: Invitation,
  by: string,
): Promise<InviteAnswer> {
  const { db } = needs;
  const { name, email, errors } = readPerson(typed);
  const known = errors.email ? null : await findAccountByEmail(db, email);
  // Who is known already keeps the name they chose.
  if (known) delete errors.name;
  const newName = plainLine(organizationName);
  if (!(newName || (await isEmployer(db, organizationId)))) {
    errors.organizationId = 'Choose the employer, or name a new one.';
  }
  if (newName && organizationId)
    errors.organizationName = 'Choose one above or name one: not both.';
  if (known?.role === 'staff' || known?.role === 'admin') {
    errors.email = 'This is a staff account: it sees every employer already.';
  }
  if (Object.keys(errors).length > 0) return { ok: false, reason: 'fields', errors };
  if (known?.role === 'student' && !fromStudent) return { ok: false, reason: 'student' };
  const employerId = newName ? await named(needs, newName) : organizationId;
  if (known) {
    return join(needs, { userId: known.userId, organizationId: employerId, role: known.role }, by);
  }
  const made = await needs.accounts.createInvited({ name, email, role: 'employer' });
  if (!made.ok) return { ok: false, reason: 'fields', errors: made.errors };
  const of = { userId: made.userId, organizationId: employerId };
  await addMembership(db, { ...of, at: needs.clock.now() });
  await note(needs, { action: 'employer’s person invited', by, ...of });
  return {
    ok: true,
    done: 'invited',
    userId: made.userId,
    link: await linkFor(needs, made.userId),
  };
}

const named = ({ db, clock, newId }: EmployersNeeds, name: string) =>
  organizationNamed(db, { name, id: newId(), at: clock.now() });

/** Somebody who has an account. */
async function join(
  needs: EmployersNeeds,
  { role, ...of }: Membership & { role: string },
  by: string,
): Promise<InviteAnswer> {
  const { db, clock } = needs;
  const { userId } = of;
  const at = clock.now();
  const added = await db.transaction(async (tx) => {
    if (role === 'student') await setRole(tx, { userId, role: 'employer', at });
    return addMembership(tx, { ...of, at });
  });
  const action =
    role === 'student' ? 'student became employer’s person' : 'employer’s person added';
  if (added) await note(needs, { action, by, ...of });
  const waits = !(await accountsWithPassword(db)).has(userId);
  const link = waits ? await linkFor(needs, userId) : null;
  return { ok: true, done: added ? 'added' : 'there', userId, link };
}

async function isEmployer(db: Db, id: string): Promise<boolean> {
  if (!uuid.test(id)) return false;
  const found = await db
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, id));
  return found.length > 0;
}

/** The secret stands in the query, since paths are written into logs. [P5] */
async function linkFor({ accounts, publicUrl }: EmployersNeeds, userId: string) {
  const token = await accounts.passwordLinks.create(userId);
  return { url: `${publicUrl}/set-password?token=${token}`, days: PASSWORD_LINK_DAYS };
}

async function note(
  { db, clock, newId }: EmployersNeeds,
  said: { action: string; by: string; userId: string; organizationId?: string },
): Promise<void> {
  const { action, by, userId, organizationId } = said;
  const employer = organizationId ? ` for ${organizationId}` : '';
  const detail = `by ${by}: ${userId}${employer}`;
  const door = 'staff' as const;
  const line = { connectionId: null, door, direction: 'none' as const, action, ok: true, detail };
  await record(db, [line], { newId, now: clock.now() });
}
