import { type Command, Option } from 'commander';
import { ROLES, type Role } from '#src/accounts/viewer.ts';
import { secretFrom } from '#src/config.ts';
import type { Program } from '#src/program.ts';
import { type Json, withJson, withProgram } from './opening.ts';
import { CommandProblem, exitCodes, print, readSecret } from './output.ts';

interface NewUser extends Json {
  email: string;
  name: string;
  role: Role;
}

/** users create */
export function addUserCommands(kiex: Command): void {
  const users = kiex.command('users').description('accounts of people');
  withJson(users.command('create'))
    .requiredOption('--email <e-mail>')
    .requiredOption('--name <name>')
    .addOption(new Option('--role <role>').choices(ROLES).makeOptionMandatory())
    .option('--password-stdin', 'read the password from standard input (or set KIEX_PASSWORD)')
    .action((given: NewUser) => withProgram((program) => createUser(program, given)));
}

async function createUser({ app }: Program, { json, ...given }: NewUser): Promise<number> {
  const password = secretFrom('KIEX_PASSWORD') ?? (await readSecret('password'));
  const { email, name, role } = given;
  const made = await app.accounts.createUser({ email, name, password, role });
  if (!made.ok) throw new CommandProblem(Object.values(made.errors).join(' '));
  print({ id: made.userId, email, role }, { json, words: `Created ${role} ${email}.` });
  return exitCodes.done;
}
