import { ROLES, type Role } from '#src/accounts/viewer.ts';
import type { Program } from '#src/program.ts';
import { CommandProblem, exitCodes, print, readSecret } from './output.ts';

/** users create --email E --name N --role R --password-stdin */
export async function createUser(
  program: Program,
  given: { email: string; name: string; role: string; json: boolean; secret: string | null },
): Promise<number> {
  if (!ROLES.includes(given.role as Role)) {
    throw new CommandProblem(`The role must be one of: ${ROLES.join(', ')}.`);
  }
  const password = given.secret ?? (await readSecret('password'));
  const { email, name } = given;
  const role = given.role as Role;
  const made = await program.app.accounts.createUser({ email, name, password, role });
  if (!made.ok) throw new CommandProblem(Object.values(made.errors).join(' '));
  print({ id: made.userId, email, role }, { json: given.json, words: `Created ${role} ${email}.` });
  return exitCodes.done;
}
