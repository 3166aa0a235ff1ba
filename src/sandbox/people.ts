import { eq } from 'drizzle-orm';
import type { Accounts } from '#src/accounts/accounts.ts';
import type { Role } from '#src/accounts/viewer.ts';
import type { Integrations } from '#src/integrations/commands.ts';
import { addMembership } from '#src/organizations/memberships.ts';
import { organizationNamed } from '#src/organizations/store.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { installation } from '#src/platform/tables.ts';
import { connectionByLabel } from '#src/sync/connections.ts';
import type { SandboxAccount } from './start.ts';

/** Somebody who can sign in to the sandbox. */
interface SandboxPerson {
  role: Role;
  name: string;
  email: string;
  password: string;
  /** For whom they act; the name of one of the sandbox's employers. */
  employer?: string;
}

/** Made up, and the passwords are no secrets. */
export const SANDBOX_PEOPLE: readonly SandboxPerson[] = [
  {
    role: 'student',
    name: 'Sample Student',
    email: 'student@kiex.example',
    password: 'sandbox-student',
  },
  {
    role: 'employer',
    name: 'Sample Employer',
    email: 'employer@kiex.example',
    password: 'sandbox-employer',
    employer: 'Pacific Stay Hotels',
  },
  { role: 'staff', name: 'Sample Staff', email: 'staff@kiex.example', password: 'sandbox-staff' },
];

const marker = 'sandbox-world';

/** False once everything below was made: what people change or remove afterwards stays so. */
export async function isUnfilled(db: Db): Promise<boolean> {
  const made = await db.select().from(installation).where(eq(installation.key, marker));
  return made.length === 0;
}

/** Makes the accounts to sign in with; who is there already is left as they are. */
export async function addSandboxPeople(
  accounts: Accounts,
  parts: { db: Db; clock: Clock; newId: NewId },
): Promise<void> {
  const known = new Set((await accounts.list()).map(({ email }) => email));
  for (const { employer, ...person } of SANDBOX_PEOPLE) {
    if (known.has(person.email)) continue;
    const made = await accounts.createUser(person);
    if (!made.ok) throw new Error(`sandbox ${person.role}: ${JSON.stringify(made.errors)}`);
    if (employer) await actFor(parts, { userId: made.userId, employer });
  }
}

/** The employer itself is made with its first person, or with its connection, whichever is first. */
async function actFor(
  { db, clock, newId }: { db: Db; clock: Clock; newId: NewId },
  { userId, employer }: { userId: string; employer: string },
): Promise<void> {
  const at = clock.now();
  const organizationId = await organizationNamed(db, { name: employer, id: newId(), at });
  await addMembership(db, { userId, organizationId, at });
}

/**
 * Connects KiEX to the simulated accounts, side by side: each waits for its own quota. What an
 * earlier start left half-made is finished.
 */
export async function addSandboxConnections(
  { db, integrations }: { db: Db; integrations: Integrations },
  accounts: readonly SandboxAccount[],
): Promise<void> {
  await Promise.all(accounts.map((account) => connect({ db, integrations }, account)));
  await db.insert(installation).values({ key: marker, value: 'made' }).onConflictDoNothing();
}

async function connect(
  { db, integrations }: { db: Db; integrations: Integrations },
  { provider, label, key, organizationName, account = {} }: SandboxAccount,
): Promise<void> {
  const known = await connectionByLabel(db, label);
  if (known) {
    if (known.state === 'not_tested') await integrations.testConnection(known.id);
    return;
  }
  const input = { provider, label, organizationName, key, account };
  const added = await integrations.addConnection(input, 'sandbox');
  if (!added.ok) throw new Error(`sandbox connection: ${JSON.stringify(added.errors)}`);
}
