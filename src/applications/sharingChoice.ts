import { and, desc, eq } from 'drizzle-orm';
import { jobs } from '#src/jobs/tables.ts';
import { organizations } from '#src/organizations/tables.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Tx } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import type { Category } from '#src/privacy/agreement.ts';
import { changeAgreement, standingCategories } from '#src/privacy/store.ts';
import { partKinds } from '#src/students/partKinds.ts';
import { listParts } from '#src/students/partStore.ts';
import { touchStudent } from '#src/students/store.ts';
import { employerWords } from './store.ts';
import { forgetUnshared } from './suggestionRows.ts';
import { applicationResumes, applications } from './tables.ts';

/** What one application shares with its employer. */
export interface SharedApplication {
  id: string;
  jobTitle: string;
  employer: string;
  /** None: nothing more is sent. */
  categories: Category[];
}

/** What a student may switch, application by application. Who somebody is goes with any of it. */
export const switchable = ['phone', 'address', 'resume', 'note', 'profile'] as const;

/** A record that may have to be dropped, and the one that says which accounts it goes to. */
interface Push {
  resource: string;
  ourId: string;
  through: { resource: string; ourId: string };
}

/** The switches of a student: what goes on being shared, with whom. */
export interface Sharing {
  sharedBy(studentId: string): Promise<SharedApplication[]>;
  /**
   * Agrees to share these from now on, and withdraws the rest at once: what waits to be sent of it is
   * dropped, and that is written down. Null: nothing at all. What was sent stays there. [P2] [A2]
   */
  choose(
    studentId: string,
    choice: { applicationId: string; categories: readonly string[] | null },
  ): Promise<void>;
}

export interface SharingNeeds {
  db: Db;
  clock: Clock;
  newId: NewId;
  /** Makes the change, and writes down what waited to be sent and is not sent any more. */
  dropPushes(tx: Tx, pushes: Push[], change: () => Promise<void>): Promise<void>;
}

export function createSharing(needs: SharingNeeds): Sharing {
  const { db } = needs;
  return {
    async sharedBy(studentId) {
      const standing = await standingCategories(db, studentId);
      const rows = await db
        .select({ id: applications.id, jobTitle: jobs.title, employer: organizations.name })
        .from(applications)
        .innerJoin(jobs, eq(jobs.id, applications.jobId))
        .leftJoin(organizations, eq(organizations.id, jobs.organizationId))
        .where(eq(applications.studentId, studentId))
        .orderBy(desc(applications.submittedAt), desc(applications.id));
      return rows.map(({ employer, ...row }) => ({
        ...row,
        employer: employerWords(employer),
        categories: [...(standing.get(row.id) ?? [])],
      }));
    },

    choose: (studentId, choice) => db.transaction((tx) => choose(needs, tx, studentId, choice)),
  };
}

async function choose(
  { clock, newId, dropPushes }: SharingNeeds,
  tx: Tx,
  studentId: string,
  { applicationId, categories }: { applicationId: string; categories: readonly string[] | null },
): Promise<void> {
  const [application] = await tx
    .select()
    .from(applications)
    .where(and(eq(applications.id, applicationId), eq(applications.studentId, studentId)));
  if (!application) return;
  const at = clock.now();
  const chosen: Category[] = categories
    ? ['name', 'email', ...switchable.filter((one) => categories.includes(one))]
    : [];
  const isSame = (before: readonly Category[]) =>
    before.length === chosen.length && chosen.every((one) => before.includes(one));
  await dropPushes(tx, await pushesOf(tx, application), async () => {
    const of = { id: newId(), studentId, applicationId, at };
    const changed = await changeAgreement(tx, of, (before) => (isSame(before) ? null : chosen));
    // What may be shared now, and was not before, is newer than what was agreed there. [D6]
    if (changed) await touchStudent(tx, { userId: studentId, at });
    await forgetUnshared(tx, studentId);
  });
}

/** Everything that goes to an employer because of one application. */
async function pushesOf(tx: Tx, application: typeof applications.$inferSelect): Promise<Push[]> {
  const { id, studentId, jobId, resumeId } = application;
  const through = { resource: 'jobs', ourId: jobId };
  const newer = await tx
    .select({ resumeId: applicationResumes.resumeId })
    .from(applicationResumes)
    .where(eq(applicationResumes.applicationId, id));
  const files = [resumeId, ...newer.map((row) => row.resumeId)];
  const parts = await listParts(tx, studentId);
  return [
    { resource: 'applications', ourId: id, through },
    { resource: 'notes', ourId: id, through },
    { resource: 'candidates', ourId: studentId, through },
    ...files.flatMap((ourId) => (ourId ? [{ resource: 'resumes', ourId, through }] : [])),
    ...partKinds.flatMap((kind) =>
      parts
        .filter((part) => part.kind === kind)
        .map((part) => ({ resource: kind, ourId: part.id, through })),
    ),
  ];
}
