import { and, inArray, notInArray } from 'drizzle-orm';
import type { Reach } from '#src/organizations/reach.ts';
import { addOrganization } from '#src/organizations/store.ts';
import { organizations } from '#src/organizations/tables.ts';
import type { Queryable, Tx } from '#src/platform/database.ts';
import { record } from '#src/sync/activity.ts';
import type { Values } from '#src/sync/canonical.ts';
import { endedStates } from '#src/sync/connections.ts';
import { connections } from '#src/sync/tables.ts';
import { blankJob } from './blankJob.ts';
import { changeErrors, type EditErrors, type JobChanges, readJobChanges } from './jobChanges.ts';
import type { Choice, Editor, JobEditingNeeds } from './jobEditing.ts';
import { syncedJobs } from './synced.ts';

/** A job that is to be made here. */
export interface NewJob {
  changes: JobChanges;
  /** The employer's id; null with `newEmployer`. */
  employerId: string | null;
  /** The name of an employer that KiEX does not have yet; null: it is one of those it has. */
  newEmployer: string | null;
  /** The account it goes to; null: it stays in KiEX. */
  connectionId: string | null;
}

export type NewJobErrors = EditErrors &
  Partial<Record<'employer' | 'newEmployer' | 'account', string>>;
export type NewJobAnswer = { ok: true; jobId: string } | { ok: false; errors: NewJobErrors };

const employerNameMax = 255;

/** The employers a job may be made for and the accounts it may go to. */
export async function newJobChoices(
  db: Queryable,
  { takesJobs }: Pick<JobEditingNeeds, 'takesJobs'>,
  within: Reach,
): Promise<{ employers: Choice[]; accounts: Choice[] }> {
  const { id, name } = organizations;
  const employers = await db
    .select({ id, label: name })
    .from(organizations)
    .where(within === 'all' ? undefined : inArray(id, [...within.organizationIds]))
    .orderBy(name, id);
  const accounts = await db
    .select({ id: connections.id, label: connections.label, provider: connections.provider })
    .from(connections)
    .where(
      and(
        notInArray(connections.state, [...endedStates]),
        within === 'all' ? undefined : inArray(connections.id, [...within.connectionIds]),
      ),
    )
    .orderBy(connections.label);
  const taking = accounts.filter(({ provider }) => takesJobs(provider));
  return { employers, accounts: taking.map(({ id, label }) => ({ id, label })) };
}

/**
 * The one transaction: the job, its line of history, and the order to make it at its account. The
 * account finds it under our id, so however often it is tried, it is there once. [D6] [I2]
 */
export async function writeNewJob(
  needs: JobEditingNeeds,
  job: NewJob,
  person: Editor & { within?: Reach },
): Promise<NewJobAnswer> {
  const { by, within = 'all' } = person;
  const read = readJobChanges({ title: null, ...job.changes });
  const typed = read.ok ? changeErrors(blankJob, read.values) : read.errors;
  return needs.db.transaction(async (tx): Promise<NewJobAnswer> => {
    const choices = await newJobChoices(tx, needs, within);
    const errors = { ...typed, ...wrongChoices(job, choices, within) };
    if (!read.ok || Object.keys(errors).length > 0) return { ok: false, errors };
    const now = needs.clock.now();
    const name = job.newEmployer?.trim();
    const employerId = name
      ? await addOrganization(tx, { name }, { newId: needs.newId, now })
      : job.employerId!;
    const jobId = await store(needs, tx, { job, employerId, values: read.values, by, now });
    return { ok: true, jobId };
  });
}

function wrongChoices(
  { employerId, newEmployer, connectionId }: NewJob,
  { employers, accounts }: { employers: Choice[]; accounts: Choice[] },
  within: Reach,
): NewJobErrors {
  const errors: NewJobErrors = {};
  const has = (choices: Choice[], id: string | null) => choices.some((one) => one.id === id);
  const name = newEmployer?.trim() ?? '';
  if (name && within !== 'all') errors.newEmployer = 'Choose one of the list.';
  else if (name && employerId) errors.newEmployer = 'Choose an employer, or name a new one.';
  else if ([...name].length > employerNameMax) errors.newEmployer = 'Write at most 255 characters.';
  else if (employers.some(({ label }) => label.toLowerCase() === name.toLowerCase())) {
    errors.newEmployer = 'KiEX has an employer of this name: choose it in the list.';
  } else if (!name && !has(employers, employerId)) errors.employer = 'Say whose job it is.';
  if (connectionId !== null && !has(accounts, connectionId)) {
    errors.account = 'Choose one of the list.';
  }
  return errors;
}

async function store(
  { clock, newId, live, announce, reaches }: JobEditingNeeds,
  tx: Tx,
  {
    job: { connectionId },
    employerId,
    values,
    by,
    now,
  }: { job: NewJob; employerId: string; values: Values; by: string; now: Date },
): Promise<string> {
  const jobId = newId();
  const of = { jobId, field: 'published', to: connectionId } as const;
  const isShown = values.publishedHere === true;
  const publishing = (await reaches(tx, of))
    ? { published: isShown, publishedHere: null }
    : { published: false, publishedHere: isShown };
  const born = { ...blankJob, ...values, ...publishing, connectionId, postedAt: now.toISOString() };
  const context = { connectionId: '', organizationId: null, now: clock.now() };
  const write = { ourId: jobId, version: null, values: born, refs: { organizations: employerId } };
  await syncedJobs.write!(tx, context, [write]);
  const about = { connectionId, resource: 'jobs', ourId: jobId, door: 'staff' } as const;
  const line = { ...about, direction: 'none', action: 'made here', ok: true } as const;
  await record(tx, [{ ...line, detail: `by ${by}` }], { newId, now });
  await announce(tx, { jobId, to: connectionId });
  await live.publish('jobs', tx);
  return jobId;
}
