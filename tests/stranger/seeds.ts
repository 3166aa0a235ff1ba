import type { Student } from './student.ts';
import { openJob, put, type Row, type World } from './world.ts';

const plainJobs = 128;

/** The account's two employers; the second cannot be read at first. */
export interface Employers {
  ferries: Row;
  harbour: Row;
}

/** Jobs of every kind: on the board, kept off it, and such as nobody can read. */
export function seedJobs(world: World): Employers {
  const ferries = put(world, world.organizations, {
    name: 'Ferries of the strange',
    website: null,
  });
  const harbour = put(world, world.organizations, { name: 'The harbour', website: null });
  world.brokenOrganizations.add(harbour.id);
  const job = (position_name: string, values: Record<string, unknown> = {}) =>
    put(world, world.jobs, openJob(ferries.id, { position_name, ...values }));
  for (let number = 1; number <= plainJobs; number++) {
    job(`Deckhand ${String(number).padStart(3, '0')}`);
  }
  const pay = { salary_min: 31.25, salary_max: '44.50' };
  job('Shown pay');
  job('Hidden pay', { ...pay, is_salary_visible: false });
  job('Unsaid pay', { ...pay, is_salary_visible: undefined });
  job('Odd contract', { contract_details: 'zero_hours' });
  job('No contract', { contract_details: null, frequency: null, headcount: null });
  job('Scripted', {
    description:
      '<p>Welcome aboard</p><script>stolen()</script><img src=x onerror=stolen()><a href="javascript:stolen()">x</a>',
  });
  job('Very long', { description: `<p>${'All about ropes. '.repeat(12_000)}the last word</p>` });
  job('Nobody knows the employer', { organization: 999 });
  job('Draft', { is_published: false });
  job('On hold', { status: 'on_hold' });
  job('Waiting for the board', { status: 'pending_approval' });
  job('Won', { status: 'won' });
  job('Lost', { status: 'lost' });
  job('Over', { close_at: '2020-01-01T00:00:00' });
  job('Nobody can read this', { position_name: { en: 'An object' } });
  return { ferries, harbour };
}

/** A student whom the recruiter knows, with a resume; and one who is there twice. */
export function seedKnownCandidates(
  world: World,
  students: Student[],
  job: Row,
): Map<string, number> {
  const [first, second, third] = students as [Student, Student, Student];
  const add = ({ email }: Student) =>
    put(world, world.candidates, {
      full_name: 'Known already',
      email,
      external_id: 'x',
      phone_number: null,
    });
  const one = add(first);
  put(world, world.resumes, {
    at: `candidates/${one.id}`,
    resume_file: 'https://files.example/old.pdf',
  });
  add(second);
  add(second);
  const three = add(third);
  put(world, world.matches, {
    candidate: three.id,
    job: job.id,
    external_id: null,
    is_active: true,
    stage: 515001,
  });
  // Enough strangers that a search which is not heeded has pages.
  for (let number = 0; number < 140; number++) {
    put(world, world.candidates, {
      full_name: 'A stranger',
      email: `stranger${number}@else.example`,
    });
  }
  return new Map([
    [first.email, 1],
    [second.email, 2],
    [third.email, 1],
  ]);
}
