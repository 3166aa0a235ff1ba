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

/** Makes the people of the sandbox, once. One who is there already is left as they are. */
export async function seedPeople(db: Db, app: App): Promise<void> {
  if (await isSeeded(db)) return;
  const known = new Set((await app.accounts.list()).map(({ email }) => email));
  for (const person of SANDBOX_PEOPLE) {
    if (known.has(person.email)) continue;
    const made = await app.accounts.createUser(person);
    if (!made.ok) throw new Error(`sandbox ${person.role}: ${JSON.stringify(made.errors)}`);
  }
}

/**
 * Connects the accounts of the simulator, once, side by side: each has a quota of its own to heed. A
 * start that was cut off is finished by the next.
 */
export async function connectSandbox(db: Db, app: App, sandbox: Sandbox): Promise<void> {
  if (await isSeeded(db)) return;
  const connected = new Set((await app.dashboard.connections()).map(({ label }) => label));
  const missing = sandbox.accounts.filter(({ label }) => !connected.has(label));
  await Promise.all(
    missing.map(async ({ label, key, organizationName }) => {
      const input = { provider: 'manatal', label, organizationName, key } as const;
      const added = await app.integrations.addConnection(input, 'sandbox');
      if (!added.ok) throw new Error(`sandbox connection: ${JSON.stringify(added.errors)}`);
    }),
  );
  await db.insert(installation).values({ key: marker, value: 'made' }).onConflictDoNothing();
}

const isSeeded = async (db: Db) =>
  (await db.select().from(installation).where(eq(installation.key, marker))).length > 0;
