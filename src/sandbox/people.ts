import { eq } from 'drizzle-orm';
import type { Role } from '#src/accounts/viewer.ts';
import type { App } from '#src/app.ts';
import type { Db } from '#src/platform/database.ts';
import { installation } from '#src/platform/tables.ts';
import type { Sandbox } from './start.ts';

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

/**
 * Fills an empty KiEX with people and connections for the sandbox. Each step is skipped when its
 * result is there, so that a start that was cut off is finished by the next.
 */
export async function seedPeople(db: Db, app: App, sandbox: Sandbox): Promise<void> {
  const seeded = await db.select().from(installation).where(eq(installation.key, marker));
  if (seeded.length > 0) return;
  const known = new Set((await app.accounts.list()).map(({ email }) => email));
  for (const person of SANDBOX_PEOPLE) {
    if (known.has(person.email)) continue;
    const made = await app.accounts.createUser(person);
    if (!made.ok) throw new Error(`sandbox ${person.role}: ${JSON.stringify(made.errors)}`);
  }
  const connected = new Set((await app.dashboard.connections()).map(({ label }) => label));
  for (const { label, key, organizationName } of sandbox.accounts) {
    if (connected.has(label)) continue;
    const input = { provider: 'manatal', label, organizationName, key } as const;
    const added = await app.integrations.addConnection(input, 'sandbox');
    if (!added.ok) throw new Error(`sandbox connection: ${JSON.stringify(added.errors)}`);
  }
  await db.insert(installation).values({ key: marker, value: 'made' }).onConflictDoNothing();
}
