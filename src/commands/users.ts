import { type Command, Option } from 'commander';
import { ROLES, type Role } from '#src/accounts/viewer.ts';
import { secretFrom } from '#src/config.ts';
import type { Program } from '#src/program.ts';
import { commandLine } from './connections.ts';
import { type Json, withJson, withProgram } from './opening.ts';
import { CommandProblem, exitCodes, print, readSecret } from './output.ts';

interface NewUser extends Json {
  email: string;
  name: string;
  role: Role;
}

interface Invited extends Json {
  email: string;
  name: string;
  organization: string;
  fromStudent: boolean;
  newOrganization: boolean;
}

/** users create | invite */
export function addUserCommands(kiex: Command): void {
  const users = kiex.command('users').description('accounts of people');
  withJson(users.command('create'))
    .requiredOption('--email <e-mail>')
    .requiredOption('--name <name>')
    .addOption(new Option('--role <role>').choices(ROLES).makeOptionMandatory())
    .option('--password-stdin', 'read the password from standard input (or set KIEX_PASSWORD)')
    .action((given: NewUser) => withProgram((program) => createUser(program, given)));
  withJson(users.command('invite'))
    .description('let a person act for an employer; prints a link to choose a password by')
    .requiredOption('--email <e-mail>')
    .requiredOption('--name <name>')
    .requiredOption('--organization <name>', 'the employer, by its name or the end of its address')
    .option('--new-organization', 'make the employer where there is none of that name', false)
    .option('--from-student', 'the account is a student’s and shall stop being one', false)
    .action((given: Invited) => withProgram((program) => inviteUser(program, given)));
}

async function createUser({ app }: Program, { json, ...given }: NewUser): Promise<number> {
  const password = secretFrom('KIEX_PASSWORD') ?? (await readSecret('password'));
  const { email, name, role } = given;
  const made = await app.accounts.createUser({ email, name, password, role });
  if (!made.ok) throw new CommandProblem(Object.values(made.errors).join(' '));
  print({ id: made.userId, email, role }, { json, words: `Created ${role} ${email}.` });
  return exitCodes.done;
}

async function inviteUser({ app }: Program, { json, ...given }: Invited): Promise<number> {
  const { email, name, fromStudent } = given;
  const organizationId = await employerNamed(app, given);
  const organizationName = organizationId ? '' : given.organization;
  const invitation = { organizationId, organizationName, email, name, fromStudent };
  const invited = await app.employers.invite(invitation, commandLine);
  if (!invited.ok) {
    if (invited.reason === 'student') throw new CommandProblem(IS_STUDENT);
    throw new CommandProblem(Object.values(invited.errors).join(' '));
  }
  const { done, userId, link } = invited;
  const way = link
    ? `Link to choose a password by, good for ${link.days} days: ${link.url}`
    : 'They sign in with the password they have.';
  const words = `${done === 'there' ? 'There already' : 'Added'}: ${email}. ${way}`;
  print({ id: userId, email, done, link: link?.url ?? null }, { json, words });
  return exitCodes.done;
}

const IS_STUDENT =
  'This is the account of a student, who would lose their own pages. Ask for another e-mail address, or add --from-student.';

/** Its id; empty for one that is still to be made. */
async function employerNamed(
  { employers }: Program['app'],
  { organization: wanted, newOrganization }: Pick<Invited, 'organization' | 'newOrganization'>,
): Promise<string> {
  const plain = wanted.trim().toLowerCase();
  const found = (await employers.list()).filter(
    ({ name, slug }) => name.toLowerCase() === plain || slug === plain,
  );
  const [only, another] = found;
  if (!only && newOrganization) return '';
  if (!only) {
    throw new CommandProblem(`There is no employer “${wanted}”. --new-organization makes it.`);
  }
  if (!another) return only.id;
  const ends = found.map(({ slug }) => slug).join(', ');
  throw new CommandProblem(`Several employers have this name. Say which: ${ends}.`);
}
