import { categoriesShared } from '#src/privacy/agreement.ts';
import { samplePdf } from '../../samplePdf.ts';
import { stageOf } from '../stage.ts';
import type { SimulatedStudent, SimulatedWorld } from '../world.ts';
import { anyOf, hot } from './choosing.ts';

/** How many jobs a student looks at before choosing. */
const jobsSeen = 20;
const studentsMax = 6;

/** Somebody who is here already, or somebody new. */
export async function aStudent(world: SimulatedWorld): Promise<SimulatedStudent> {
  const isFull = world.students.length >= studentsMax;
  const known = hot(world.random, world.students);
  if (known && (isFull || world.random.integer(3) > 0)) return known;
  const student = await world.newStudent();
  const { userId: ownerId, name, email } = student;
  const { ledger } = stageOf(world);
  ledger.tell({ value: name, ownerId, category: 'name' });
  ledger.tell({ value: email, ownerId, category: 'email' });
  noteProfile(world, ownerId, { name }, { from: world.now().getTime(), isDoubtful: false });
  return student;
}

async function aJob(world: SimulatedWorld): Promise<string | null> {
  const cards = await world.web.jobs.newest(jobsSeen);
  return hot(world.random, cards)?.id ?? null;
}

interface Choice {
  student: SimulatedStudent;
  jobId: string;
  isAgreed?: boolean;
}

/** Fills in the form and presses "send"; what may leave from this moment on is written down before. */
async function send(world: SimulatedWorld, { student, jobId, isAgreed = true }: Choice) {
  const { ledger } = stageOf(world);
  const { userId: studentId, resumeId } = student;
  const details = detailsOf(world);
  const number = world.random.integer(1_000_000);
  const note = world.random.integer(4) > 0 ? `I can start on day ${number}.\nTasi` : '';
  tellDetails(world, studentId, details);
  if (note) ledger.tell({ value: note.split('\n')[0]!, ownerId: studentId, category: 'note' });
  const shareProfile = world.random.integer(3) > 0;
  const categories = categoriesShared({ ...details, resumeId, note, shareProfile });
  const pressed = isAgreed ? ledger.press({ studentId, jobId, categories }) : null;
  const from = world.now().getTime();
  let isWritten: boolean | null = null;
  try {
    const ask = { studentId, jobId, resumeId, note, agreed: isAgreed, shareProfile, details };
    const answer = await world.web.applications.submit(ask);
    isWritten = answer.ok && !answer.already;
    if (answer.ok && pressed) ledger.acknowledge(pressed, answer.applicationId);
  } finally {
    // Details go into the profile together with the application.
    if (isWritten !== false)
      noteProfile(world, studentId, details, { from, isDoubtful: !isWritten });
  }
}

const detailsOf = ({ random }: SimulatedWorld) => ({
  phone: `+1671649${String(random.integer(10_000)).padStart(4, '0')}`,
  address: `House ${random.integer(1_000_000)}, Mangilao`,
  territory: 'GU',
});

function tellDetails(
  world: SimulatedWorld,
  ownerId: string,
  { phone, address }: { phone: string; address: string },
): void {
  const { ledger } = stageOf(world);
  ledger.tell({ value: phone, ownerId, category: 'phone' });
  ledger.tell({ value: address, ownerId, category: 'address' });
}

function noteProfile(
  world: SimulatedWorld,
  id: string,
  values: Partial<Record<'name' | 'phone' | 'address' | 'about', string>>,
  { from, isDoubtful }: { from: number; isDoubtful: boolean },
): void {
  const { ledger } = stageOf(world);
  for (const field of ['name', 'phone', 'address', 'about'] as const) {
    const value = values[field];
    const shared = { side: 'ours', connectionId: null, resource: 'candidates', id } as const;
    if (value) ledger.edit({ ...shared, field, value }, { from, isDoubtful });
  }
}

export async function applies(world: SimulatedWorld): Promise<void> {
  const student = await aStudent(world);
  const jobId = await aJob(world);
  if (jobId) await send(world, { student, jobId });
}

/** The page is open in two tabs, and both are sent. */
export async function appliesInTwoTabs(world: SimulatedWorld): Promise<void> {
  const student = await aStudent(world);
  const jobId = await aJob(world);
  if (jobId) await together([send(world, { student, jobId }), send(world, { student, jobId })]);
}

/** Two jobs at once: one person who must not become two candidates. */
export async function appliesTwice(world: SimulatedWorld): Promise<void> {
  const student = await aStudent(world);
  const jobs = (await world.web.jobs.newest(jobsSeen)).slice(0, 2);
  await together(jobs.map(({ id: jobId }) => send(world, { student, jobId })));
}

/** All come to their end before one of them is heard to have failed. */
async function together(work: Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(work);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Looks at the form and does not agree: nothing may leave. */
export async function doesNotAgree(world: SimulatedWorld): Promise<void> {
  const student = await aStudent(world);
  const jobId = await aJob(world);
  if (jobId) await send(world, { student, jobId, isAgreed: false });
}

export async function editsProfile(world: SimulatedWorld): Promise<void> {
  const student = await aStudent(world);
  const { userId, email } = student;
  const details = detailsOf(world);
  const name = anyOf(world.random, [student.name, `${student.name} Cruz`])!;
  const about = `I have cooked for ${world.random.integer(1_000_000)} days.`;
  tellDetails(world, userId, details);
  const { ledger } = stageOf(world);
  ledger.tell({ value: name, ownerId: userId, category: 'name' });
  ledger.tell({ value: about, ownerId: userId, category: 'profile' });
  const from = world.now().getTime();
  let isSaved: boolean | null = null;
  try {
    const viewer = { userId, name: student.name, email, role: 'student' } as const;
    const typed = { name, about, ...details };
    isSaved = (await world.web.students.saveProfile(viewer, typed)).ok;
  } finally {
    const values = { name, about, ...details };
    if (isSaved !== false) noteProfile(world, userId, values, { from, isDoubtful: !isSaved });
  }
}

export async function addsResume(world: SimulatedWorld): Promise<void> {
  const student = await aStudent(world);
  const bytes = samplePdf([`Resume ${world.random.integer(1_000_000)}`]);
  const file = { name: 'another.pdf', bytes };
  const added = await world.web.students.addResume(student.userId, file);
  if (added.ok) student.resumeId = added.resume.id;
}

/** One application of a student that can be dealt with now, as the dashboard shows it. */
async function anApplication(
  world: SimulatedWorld,
  can: 'canWithdraw' | 'canApplyAgain',
): Promise<{ student: SimulatedStudent; applicationId: string } | null> {
  const student = hot(world.random, world.students);
  if (!student) return null;
  const seen = await world.web.applications.forStudent(student.userId);
  const shown = seen.filter((application) => application[can]);
  const chosen = hot(world.random, shown);
  return chosen && { student, applicationId: chosen.id };
}

/** Takes an application back; sometimes the button is pressed twice. */
export async function withdraws(world: SimulatedWorld): Promise<void> {
  const found = await anApplication(world, 'canWithdraw');
  if (!found) return;
  const press = async () => {
    const { ledger } = stageOf(world);
    const { student, applicationId } = found;
    const pressed = ledger.pressWithdraw(applicationId);
    const of = { studentId: student.userId, applicationId };
    const answer = await world.web.applications.withdraw(of);
    pressed.at = world.now().getTime();
    if (answer.ok) ledger.withdraw(student.userId, applicationId);
    ledger.count('a student withdrew');
  };
  await together(world.random.integer(4) > 0 ? [press()] : [press(), press()]);
}

/** Sends again what was taken back or turned down, when its job is still open. */
export async function appliesAgain(world: SimulatedWorld): Promise<void> {
  const found = await anApplication(world, 'canApplyAgain');
  if (!found) return;
  const { ledger } = stageOf(world);
  const { student, applicationId } = found;
  const before = ledger.applied.find((row) => row.applicationId === applicationId);
  if (!before) return;
  await send(world, { student, jobId: before.jobId });
  ledger.count('a student applied again');
}

/** Changes their mind twice in a row: the employer's side may hear of none of it, or of all. */
export async function wavers(world: SimulatedWorld): Promise<void> {
  await withdraws(world);
  await world.sleep(world.random.integer(30));
  await appliesAgain(world);
}
