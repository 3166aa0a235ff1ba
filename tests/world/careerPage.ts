import { eq } from 'drizzle-orm';
import type { TypedAnswers } from '#src/applications/employerForm.ts';
import { jobs } from '#src/jobs/tables.ts';
import { RICH_QUESTIONS } from '#src/sandbox/manatal/formQuestions.ts';
import { failures, links } from '#src/sync/tables.ts';
import type { TestWorld } from './testWorld.ts';

const details = {
  ...{ description: '<p>Greet guests.</p>', status: 'active', is_published: true },
  ...{ contract_details: 'part_time', salary_min: '12.50', currency: 'USD', frequency: 'hour' },
  ...{ is_salary_visible: true, city: 'Tumon', country: 'Guam' },
};

/** An employer without an API key, connected by the address of its career page. */
export async function connectCareerPage(world: TestWorld): Promise<string> {
  world.simulator.askInstead(world.account.id, RICH_QUESTIONS);
  const organization = must(world.recruiter.addOrganization({ name: 'Not told there' })).id;
  const input = {
    provider: 'manatalCareerPage',
    label: 'Career page · test',
    organizationName: 'Pacific Stay Hotels',
    key: 'https://www.careers-page.com/Pacific-Stay-Hotels',
  };
  const added = await world.integrations.addConnection(input, 'test');
  if (!added.ok) throw new Error(JSON.stringify(added.errors));
  await world.settle();
  posting.set(world, organization);
  return added.value.connectionId;
}

const posting = new WeakMap<TestWorld, number>();

/** Posts a job there. Returns their id. */
export const postJob = (world: TestWorld, title: string): number =>
  must(
    world.recruiter.postJob({
      ...{ organization: posting.get(world), position_name: title },
      ...details,
    }),
  ).id;

/** A job that is on the board here. */
export async function openJob(world: TestWorld, title = 'Front Desk Associate') {
  const theirs = postJob(world, title);
  await world.advance(121, 11);
  const ours = (await jobOf(world, title))!;
  return { theirs, ours: ours.id, slug: ours.slug };
}

export async function jobOf(world: TestWorld, title: string) {
  const [job] = await world.db.select().from(jobs).where(eq(jobs.title, title));
  return job ?? null;
}

/** The ids of the questions, by slug, as a page would know them. */
export const asked = (world: TestWorld, slug: string): string =>
  String(
    world.simulator.questionsOf(world.account.id).find((question) => question.slug === slug)!.id,
  );

/** A student who fills in the page and presses Send. */
export async function applicant(world: TestWorld, name = 'Sample Student') {
  const student = await world.addStudent(name);
  const filled = (more: Record<string, string[]> = {}): TypedAnswers => ({
    [asked(world, 'full_name')]: [name],
    [asked(world, 'email')]: [student.email],
    [asked(world, 'shift')]: ['Night'],
    [asked(world, 'nationality')]: ['4'],
    ...more,
  });
  const submit = (jobId: string, more: Record<string, string[]> = {}) =>
    world.applications.submit({
      ...{ studentId: student.userId, jobId, resumeId: student.resumeId },
      ...{ note: '', agreed: true, answers: filled(more) },
    });
  return {
    ...student,
    submit,
    page: (slug: string) =>
      world.applications.prepare(
        { userId: student.userId, name, email: student.email, role: 'student' },
        slug,
      ),
    async sends(jobId: string, more: Record<string, string[]> = {}) {
      const answer = await submit(jobId, more);
      if (!answer.ok) throw new Error(JSON.stringify(answer));
      return answer.applicationId;
    },
    delivery: async () => (await student.sees())[0]!.delivery,
  };
}

/** How many applicants and matches there are in Manatal. */
export const inManatal = ({ simulator, account }: TestWorld) => ({
  candidates: simulator.rows(account.id, 'candidates'),
  matches: simulator.rows(account.id, 'matches'),
  resumes: simulator.rows(account.id, 'resumes'),
});

export const failuresOf = ({ db }: TestWorld) => db.select().from(failures);

export async function linkOf({ db }: TestWorld, ourId: string) {
  const [link] = await db.select().from(links).where(eq(links.ourId, ourId));
  return link ?? null;
}

function must<Row>(outcome: { ok: true; row: Row } | { ok: false; body: unknown }): Row {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.body));
  return outcome.row;
}
