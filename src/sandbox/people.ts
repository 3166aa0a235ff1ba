import { eq } from 'drizzle-orm';
import type { Accounts } from '#src/accounts/accounts.ts';
import type { Role } from '#src/accounts/viewer.ts';
import type { Integrations } from '#src/integrations/commands.ts';
import type { Db } from '#src/platform/database.ts';
import { installation } from '#src/platform/tables.ts';
import { connectionByLabel } from '#src/sync/connections.ts';
import type { SandboxAccount } from './start.ts';

/** Who can sign in to the sandbox. Made up, and the passwords are no secrets. */
export const SANDBOX_PEOPLE: readonly {
  role: Role;
  name: string;
  email: string;
  password: string;
}[] = [
  {
    role: 'student',
    name: 'Sample Student',
    email: 'student@kiex.example',
    password: 'sandbox-student',
  },
  { role: 'staff', name: 'Sample Staff', email: 'staff@kiex.example', password: 'sandbox-staff' },
];

const marker = 'sandbox-world';

/** False once everything below was made: what people change or remove afterwards stays so. */
export async function isUnfilled(db: Db): Promise<boolean> {
  const made = await db.select().from(installation).where(eq(installation.key, marker));
  return made.length === 0;
}

/** Makes the accounts to sign in with; who is there already is left as he is. */
export async function addSandboxPeople(accounts: Accounts): Promise<void> {
  const known = new Set((await accounts.list()).map(({ email }) => email));
  for (const person of SANDBOX_PEOPLE) {
    if (known.has(person.email)) continue;
    const made = await accounts.createUser(person);
    if (!made.ok) throw new Error(`sandbox ${person.role}: ${JSON.stringify(made.errors)}`);
  }
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
  { label, key, organizationName }: SandboxAccount,
): Promise<void> {
  const known = await connectionByLabel(db, label);
  if (known) {
    if (known.state === 'not_tested') await integrations.testConnection(known.id);
    return;
  }
  const input = { provider: 'manatal', label, organizationName, key } as const;
  const added = await integrations.addConnection(input, 'sandbox');
  if (!added.ok) throw new Error(`sandbox connection: ${JSON.stringify(added.errors)}`);
}
