import { desc, eq } from 'drizzle-orm';
import { users } from '#src/accounts/tables.ts';
import type { Viewer } from '#src/accounts/viewer.ts';
import { createPreviews } from '#src/integrations/previews.ts';
import { jobs } from '#src/jobs/tables.ts';
import { addMembership } from '#src/organizations/memberships.ts';
import { organizations } from '#src/organizations/tables.ts';
import { composeApp } from '#src/program.ts';
import { secretBinding } from '#src/sync/connections.ts';
import { noteFailure } from '#src/sync/deadLetters.ts';
import { connections, failures, runs } from '#src/sync/tables.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

/** One employer with all that is theirs. */
export interface Side {
  person: Viewer;
  student: Viewer;
  organizationId: string;
  connectionId: string;
  jobId: string;
  applicationId: string;
  runId: string;
  previewId: string;
  failureId: string;
  /** Another house that the same account keeps. */
  annexId: string;
  /** Texts that stand in nothing which is not theirs. */
  marks: string[];
}

/**
 * Two employers, each with an account, a job, an applicant who shares a resume, runs, a preview and a
 * problem; and a person each, who acts for one of them.
 */
export async function createTwoEmployers() {
  const world = await createTestWorld();
  const app = composeApp({
    config: { port: 3000, publicUrl: 'http://kiex.test', pollSeconds: 120 },
    parts: world.parts,
    secret: 'a secret of the test, long enough to sign',
    sandbox: null,
    files: world.files,
  });
  const hotels = { name: 'Pacific Stay Hotels', key: 'sandbox-key-0001', job: 'Barista' };
  const labs = { name: 'Reef Labs', key: 'sandbox-key-0002', job: 'Diver' };
  const other = world.simulator.addAccount({ label: labs.name, key: labs.key });
  const a = await openEmployer(world, { ...hotels, account: world.account.id, student: 'Anna' });
  const b = await openEmployer(world, { ...labs, account: other.id, student: 'Beto' });
  return { world, app, a, b };
}

interface Opening {
  name: string;
  key: string;
  job: string;
  account: number;
  student: string;
}

async function openEmployer(world: TestWorld, given: Opening): Promise<Side> {
  const { db, parts } = world;
  const recruiter = world.simulator.recruiter(given.account);
  const house = recruiter.addOrganization({ name: given.name });
  if (!house.ok) throw new Error('no organization');
  recruiter.addOrganization({ name: `${given.name} Annex` });
  const posted = recruiter.postJob({
    organization: house.row.id,
    position_name: given.job,
    status: 'active',
    is_published: true,
  });
  if (!posted.ok) throw new Error('no job');
  const label = `Manatal · ${given.name}`;
  const connectionId = await world.connect({ ...given, label, organizationName: given.name });
  await world.settle();
  const [job] = await db.select().from(jobs).where(eq(jobs.title, given.job));
  const jobId = job!.id;
  const studentName = `${given.student} Example`;
  const student = await world.addStudent(studentName, `${given.student}@student.example`);
  const applicationId = await student.applies(jobId);
  await world.settle();
  moveFirst(world, given.account);
  await world.advance(20, 5);
  const ask = { connectionId, resource: 'jobs', settings: null, by: null } as const;
  const [previewId] = await createPreviews(parts).request({ ...ask, trigger: 'manual' });
  await world.settle();
  const organizationId = job!.organizationId!;
  const [annex] = await db
    .select()
    .from(organizations)
    .where(eq(organizations.name, `${given.name} Annex`));
  const failureId = await aProblem(world, { connectionId, jobId, of: given.name });
  const [run] = await db
    .select({ id: runs.id })
    .from(runs)
    .where(eq(runs.connectionId, connectionId))
    .orderBy(desc(runs.requestedAt))
    .limit(1)
    .offset(1);
  const person = await addPerson(world, { name: `Person of ${given.name}`, organizationId });
  const [connection] = await db.select().from(connections).where(eq(connections.id, connectionId));
  const secret = parts.vault.open(connection!.webhookSecret, secretBinding(connectionId));
  return {
    person,
    student: { userId: student.userId, name: studentName, email: student.email, role: 'student' },
    annexId: annex!.id,
    ...{ organizationId, connectionId, jobId, applicationId, failureId },
    runId: run!.id,
    previewId: previewId!,
    marks: [
      ...[organizationId, connectionId, jobId, applicationId, failureId, run!.id, previewId!],
      ...[student.userId, student.resumeId, studentName, student.email],
      ...[given.name, given.job, label, secret],
    ],
  };
}

/** The recruiter moves the applicant on, so that a webhook comes in. */
function moveFirst({ simulator }: TestWorld, account: number): void {
  const [match] = simulator.rows(account, 'matches');
  const [pipeline] = simulator.rows(account, 'pipelines');
  simulator.recruiter(account).move(match!.id, pipeline!.stages[1]!.id);
}

async function aProblem(
  { db, parts }: TestWorld,
  { connectionId, jobId, of }: { connectionId: string; jobId: string; of: string },
): Promise<string> {
  const record = { connectionId, resource: 'jobs', ourId: jobId, theirId: null };
  const failure = { kind: 'refused' as const, status: 400, detail: `no room at ${of}` };
  await noteFailure(db, { ...record, step: 'update', failure }, parts);
  const [row] = await db.select().from(failures).where(eq(failures.connectionId, connectionId));
  return row!.id;
}

/** Somebody who acts for this employer. */
export async function addPerson(
  { db, clock, parts }: TestWorld,
  { name, organizationId }: { name: string; organizationId: string | null },
): Promise<Viewer> {
  const userId = parts.newId();
  const at = clock.now();
  const email = `${userId}@employer.example`;
  const made = { createdAt: at, updatedAt: at };
  await db.insert(users).values({ id: userId, name, email, role: 'employer', ...made });
  if (organizationId) await addMembership(db, { userId, organizationId, at });
  return { userId, name, email, role: 'employer' };
}
