import { and, eq } from 'drizzle-orm';
import type { Category } from '#src/privacy/agreement.ts';
import { failures } from '#src/sync/tables.ts';
import { RICH_QUESTIONS } from '../../manatal/formQuestions.ts';
import type { JobRow } from '../../manatal/rows.ts';
import { stageOf } from '../stage.ts';
import { pageAddress, type SimulatedAccount, type SimulatedWorld } from '../world.ts';
import { aStudent } from './applicants.ts';
import { hot, noteTheirEdit } from './choosing.ts';
import { aWhile, connected } from './staff.ts';

/** How many jobs a student looks at before choosing. */
const jobsSeen = 20;

/** Opens the page of a job, fills in what its employer asks, and sends it. */
export async function appliesByForm(world: SimulatedWorld): Promise<void> {
  const student = await aStudent(world);
  const job = hot(world.random, await world.web.jobs.newest(jobsSeen));
  if (!job) return;
  const { userId: studentId, name, email, resumeId } = student;
  const viewer = { userId: studentId, name, email, role: 'student' } as const;
  const page = await world.web.applications.prepare(viewer, job.slug);
  if (page.kind !== 'open' || !page.form) return;
  const token = `I dive since ${100_000 + world.random.integer(899_999)}.`;
  const answers: Record<string, readonly string[]> = { ...page.form.filled };
  const categories = new Set<Category>(['resume']);
  for (const { id, slug } of page.form.questions) {
    if (slug === 'cover_letter') answers[id] = [token];
    if (slug === 'shift') answers[id] = ['Night'];
    if (answers[id]) categories.add(categoryOf[slug] ?? 'answers');
  }
  const { ledger } = stageOf(world);
  ledger.tell({ value: token, ownerId: studentId, category: 'answers' });
  const pressed = ledger.press({ studentId, jobId: job.id, categories: [...categories], token });
  const ask = { studentId, jobId: job.id, resumeId, note: '', agreed: true, answers };
  const answer = await world.web.applications.submit(ask);
  if (!answer.ok || answer.already) return;
  ledger.acknowledge(pressed, answer.applicationId);
  ledger.count('a form was filled in');
}

const categoryOf: Readonly<Record<string, Category>> = {
  full_name: 'name',
  email: 'email',
  phone_number: 'phone',
};

/**
 * Somebody looks in the employer's own system whether what may have arrived did. Mostly they leave what
 * is there and send what is not; some send it all the same, and some leave it for another day.
 */
export async function looksIntoDoubts(world: SimulatedWorld): Promise<void> {
  const { ledger } = stageOf(world);
  const doubts = await world.read((db) =>
    db
      .select({ id: failures.id, ourId: failures.ourId })
      .from(failures)
      .where(and(eq(failures.state, 'dead'), eq(failures.step, 'unanswered'))),
  );
  for (const { id, ourId } of doubts) {
    const mood = world.random.integer(6);
    if (!ourId || mood === 0) continue;
    const isThere = await world.act('looks for an application', () => arrived(world, ourId));
    const how = isThere && mood > 1 ? 'there' : 'again';
    ledger.decide({ applicationId: ourId, how });
    ledger.count(how === 'again' ? 'a person sent a form again' : 'a person found a form there');
    if (how === 'again') await world.web.integrations.retryFailure(id, 'staff');
    else await world.web.integrations.dismissFailure(id, 'It is there.', 'staff');
  }
}

function arrived(world: SimulatedWorld, applicationId: string): boolean {
  const { applied } = stageOf(world).ledger;
  const tokens = applied
    .filter((one) => one.applicationId === applicationId)
    .flatMap(({ token }) => token ?? []);
  return world.accounts.some(({ simulator, accountId }) =>
    simulator
      .rows(accountId, 'candidates')
      .some((row) => tokens.some((token) => JSON.stringify(row.custom_fields).includes(token))),
  );
}

/** Off the page, or on it again. */
export function takesOff(world: SimulatedWorld, account: SimulatedAccount): void {
  const { recruiter, simulator, accountId } = account;
  const job = hot<JobRow>(world.random, simulator.rows(accountId, 'jobs'));
  if (!job || !recruiter.editJob(job.id, { is_published: !job.is_published }).ok) return;
  const edit = { theirs: 'is_published', raw: !job.is_published };
  noteTheirEdit(world, account, { resource: 'jobs', id: job.id, ...edit });
}

/** The employer's page has another name; staff hear of it some time later. */
export async function renamesPage(world: SimulatedWorld): Promise<void> {
  const account = connected(world, 'page');
  if (!account) return;
  const { keys, lockedOut } = stageOf(world);
  const { connectionId, simulator, accountId } = account;
  const careerSlug = `page-${accountId}-${10_000 + world.random.integer(89_999)}`;
  const key = pageAddress(careerSlug);
  keys.set(key, accountId);
  lockedOut.set(account, key);
  await world.act('renames its page', () => {
    simulator.changeAccount(accountId, { careerSlug });
    account.key = key;
  });
  await world.sleep(aWhile(world));
  const renamed = { connectionId, key: account.key, sameAccount: true };
  const { ok } = await world.web.integrations.replaceKey(renamed, 'staff');
  if (ok) lockedOut.delete(account);
}

/** The same questions under other numbers: what was answered before fits the form no more. */
export function asksAnew(_world: SimulatedWorld, account: SimulatedAccount): void {
  if (account.way === 'page') account.simulator.askInstead(account.accountId, RICH_QUESTIONS);
}
