import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createArrivals } from './arrivals.ts';
import { createBoard } from './board.ts';
import { createKiex, type Kiex, type Ran } from './kiex.ts';
import { isForApplication, type StrangeManatal, startManatal } from './manatal.ts';
import { type Employers, seedJobs, seedKnownCandidates } from './seeds.ts';
import { createStudent, type Student } from './student.ts';
import { report, until } from './waiting.ts';
import { callsMax } from './window.ts';
import { edit, isOnBoard, openJob, put, type Row, titleOf } from './world.ts';

// One story, told in order: each test goes on where the one before ended.

const label = 'Strange Ferries';
const minute = 60_000;
const once = { matches: 1, files: 1, notes: 1 };

let manatal: StrangeManatal;
let kiex: Kiex;
let employers: Employers;
let arrivals: ReturnType<typeof createArrivals>;
const board = createBoard(() => kiex.url);
const students: Student[] = [];

beforeAll(async () => {
  manatal = await startManatal('key-of-the-strange-ferries', 7);
  kiex = await createKiex(manatal);
  employers = seedJobs(manatal.world);
  arrivals = createArrivals(manatal.world);
  await kiex.start();
}, 3 * minute);

afterAll(async () => {
  await kiex?.stop();
  await manatal?.close();
});

test('the first import brings in what students may see, and says what it could not read', async () => {
  const added = await kiex.command(
    [
      'connections',
      'add',
      'manatal',
      '--label',
      label,
      '--organization',
      label,
      '--key-stdin',
      '--json',
    ],
    `${manatal.world.key}\n`,
  );
  expect(added.code, added.said).toBe(0);
  const wanted = jobs().filter(isOnBoard).map(titleOf);
  await until(async () => missingFrom(await board.titles(), wanted), [], 3 * minute);
  expect((await board.titles()).toSorted()).toEqual(wanted.toSorted());
  const dead = await kiex.command(['dead-letters', 'list', '--json']);
  expect(dead.json.map(({ path }: { path: string }) => path)).toContain('position_name');
});

test('pay is shown only where the employer shows it, and text comes in clean', async () => {
  expect(await board.wordsOf('Shown pay')).toContain('$12.50');
  for (const title of ['Hidden pay', 'Unsaid pay']) {
    expect(await board.wordsOf(title)).not.toMatch(/31\.25|44\.5/);
  }
  const html = await board.htmlOf('Scripted');
  expect(html).toContain('Welcome aboard');
  expect(html).not.toMatch(/stolen|onerror|javascript:/);
  expect(await board.wordsOf('Odd contract')).toMatch(/zero.hours/i);
  expect(await board.wordsOf('Nobody knows the employer')).toContain(label);
  expect(await board.wordsOf('Very long')).toContain('the last word');
});

test('[D4] edits arrive within a poll; a job that is put on hold leaves the board', async () => {
  edit(jobCalled('Shown pay'), { position_name: 'Shown pay, edited' });
  edit(jobCalled('Deckhand 001'), { status: 'on_hold' });
  edit(jobCalled('Draft'), { is_published: true });
  manatal.hooks.emit('job', 'status_update', jobCalled('Deckhand 001').id);
  const start = Date.now();
  await until(
    async () => {
      const titles = await board.titles();
      return ['Shown pay, edited', 'Deckhand 001', 'Draft'].map((title) => titles.includes(title));
    },
    [true, false, true],
    minute,
  );
  report('edited in Manatal -> on the board', `${(Date.now() - start) / 1000} s`);
});

test('[F3] an employer that cannot be read holds up nothing but its own jobs', async () => {
  put(
    manatal.world,
    manatal.world.jobs,
    openJob(employers.harbour.id, { position_name: 'At the broken harbour' }),
  );
  put(
    manatal.world,
    manatal.world.jobs,
    openJob(employers.ferries.id, { position_name: 'Beside the broken harbour' }),
  );
  await appears('Beside the broken harbour');
  manatal.world.brokenOrganizations.delete(employers.harbour.id);
  await appears('At the broken harbour');
});

test('[I2] [I3] twenty students who apply in a storm arrive exactly once each', async () => {
  const jobPath = await board.pathOf('Deckhand 010');
  const job = jobCalled('Deckhand 010');
  students.push(...Array.from({ length: 20 }, (_, at) => studentNumber(at + 1)));
  const known = seedKnownCandidates(manatal.world, students, job);
  await Promise.all(students.map((student) => student.signUp()));
  const before = manatal.requests.length;
  Object.assign(manatal.moods.rates, { read: 0.08, write: 0.35 });
  manatal.moods.next.push(
    { method: 'POST', path: /\/matches\/$/, fault: { kind: 'slow', seconds: 25 } },
    { method: 'POST', path: /\/candidates\/$/, fault: { kind: 'throttled', html: true } },
    { method: 'GET', path: /\/candidates\/$/, fault: { kind: 'throttled', html: false } },
    { method: 'POST', path: /\/resume\/$/, fault: { kind: 'destroyed', after: true } },
    { method: 'POST', path: /\/notes\/$/, fault: { kind: 'destroyed', after: true } },
  );
  const start = Date.now();
  const answers = await Promise.all(students.map((one) => one.apply(jobPath, one.note)));
  expect(answers.filter((answer) => !answer.startsWith('303 /dashboard?sent='))).toEqual([]);
  await until(async () => arrivals.unfinished(students, job), [], 9 * minute);
  Object.assign(manatal.moods.rates, { read: 0, write: 0 });
  report('20 applications in the storm', `${(Date.now() - start) / 1000} s`);
  const ours = manatal.requests.slice(before).filter(isForApplication);
  report('calls per application in the storm', (ours.length / 20).toFixed(1));
  report('faults', JSON.stringify([...manatal.moods.struck]));
  expect(students.map((student) => arrivals.of(student, job))).toEqual(
    students.map(({ email }) => ({ ...once, email, candidates: known.get(email) ?? 1 })),
  );
});

test('the recruiter moves, hires and drops; each student sees it', async () => {
  const job = jobCalled('Deckhand 010');
  const [moved, hired, dropped, phoned] = students.slice(4);
  const act = (student: Student, values: Record<string, unknown>, stage: boolean) => {
    const match = arrivals.matchOf(student, job)!;
    edit(match, values);
    if (stage) manatal.hooks.emit('match', 'moved', match.id);
  };
  act(moved!, { stage: 515003 }, true);
  act(hired!, { stage: 515009, hired_at: '2027-02-01' }, true);
  act(dropped!, { is_active: false }, false);
  act(phoned!, { stage: 515002 }, true);
  const seen = () =>
    Promise.all([moved, hired, dropped, phoned].map(async (one) => (await one!.statuses())[0]));
  await until(seen, ['Interview', 'Hired', 'Not selected', 'In review'], minute);
});

test('[M1] two edits in one tick of a slow clock both arrive', async () => {
  // This row knows whole seconds only, and the webhook has the first edit read before the second.
  const job = jobs().find((row) => row.id % 7 === 0 && titleOf(row).startsWith('Deckhand 1'))!;
  await pause(1_000 - (Date.now() % 1_000));
  edit(job, { position_name: 'Coxswain' });
  Object.assign(job, { seenFrom: 0 });
  manatal.hooks.lost = 0;
  manatal.hooks.emit('job', 'status_update', job.id);
  await appears('Coxswain');
  const { updatedAt } = job;
  Object.assign(job, { position_name: 'Second coxswain', updatedAt });
  await appears('Second coxswain');
  manatal.hooks.lost = 0.25;
});

test('[I4] a student whose candidate was merged away applies again, to the one that is left', async () => {
  const { world } = manatal;
  const student = students[16]!;
  const [old] = arrivals.candidatesOf(student);
  world.candidates.delete(old!.id);
  const left = put(world, world.candidates, { full_name: 'Known longer', email: student.email });
  for (const match of world.matches.values()) {
    if (match.candidate === old!.id) edit(match, { candidate: left.id });
  }
  await student.apply(await board.pathOf('Deckhand 030'), student.note);
  const job = jobCalled('Deckhand 030');
  const there = async () =>
    arrivals.matchesOf([left], job).map((match) => arrivals.notesOf([match]).length);
  await until(there, [1], 2 * minute);
  expect(arrivals.candidatesOf(student)).toEqual([left]);
});

test('a webhook that cannot be right is refused in one line', async () => {
  const { target_url: right } = manatal.hooks.subscriptions[0]!;
  const wrong = right.replace(/manatal\/[^/]+/, 'manatal/not-the-secret');
  const before = kiex.output().length;
  const post = (url: string, body: string) => fetch(url, { method: 'POST', body });
  const answers = [
    await post(wrong, '{"id": 1}'),
    await post(right, 'x'.repeat(3 * 1024 * 1024)),
    await post(right, '{"id": '),
    await post(right, ''),
    await fetch(right),
    await fetch(right, { method: 'HEAD' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 413, 400, 400, 200, 200]);
  await pause(300);
  const lines = kiex
    .output()
    .slice(before)
    .split('\n')
    .filter((line) => line.includes('webhook refused'));
  expect(lines).toHaveLength(4);
  expect(kiex.output().slice(before)).not.toMatch(/\n\s+at |"stack"/);
});

test('[A1] a job that is gone closes with the next full read; [Z1] another one writes nothing', async () => {
  manatal.world.jobs.delete(jobCalled('Deckhand 002').id);
  expect(endsOf(await syncFull())).not.toContain('failed');
  expect(await board.titles()).not.toContain('Deckhand 002');
  const before = manatal.requests.length;
  expect(endsOf(await syncFull())).not.toContain('failed');
  const writes = manatal.requests.slice(before).filter(({ method }) => method !== 'GET');
  expect(writes).toEqual([]);
  const wanted = jobs().filter(isOnBoard).map(titleOf);
  expect((await board.titles()).toSorted()).toEqual(wanted.toSorted());
});

test('[F2] a revoked key stops all calls, and a restored one loses nothing', async () => {
  const { key } = manatal.world;
  manatal.world.key = 'another';
  const state = async () => (await kiex.command(['connections', 'list', '--json'])).json[0].state;
  await until(state, 'needs_attention', minute);
  // Calls that stood in line for the budget when the first was refused still go out.
  await pause(8_000);
  const before = manatal.requests.length;
  edit(jobCalled('Deckhand 003'), { position_name: 'Deckhand 003, edited meanwhile' });
  await pause(10_000);
  expect(manatal.requests.slice(before)).toEqual([]);
  manatal.world.key = key;
  const tested = await kiex.command(['connections', 'test', label, '--json']);
  expect(tested.code, tested.said).toBe(0);
  await appears('Deckhand 003, edited meanwhile');
});

test('[F4] killed in the middle of applications, it sends each exactly once after the restart', async () => {
  const jobPath = await board.pathOf('Deckhand 020');
  const job = jobCalled('Deckhand 020');
  const writes = () => manatal.requests.filter(({ method }) => method === 'POST').length;
  const before = writes();
  const late = students.slice(8, 16);
  Object.assign(manatal.moods.rates, { write: 0.3 });
  await Promise.all(late.map((student) => student.apply(jobPath, student.note)));
  for (const deaths of [1, 2]) {
    const enough = before + deaths * 5;
    while (writes() < enough) await pause(5);
    await kiex.kill();
    await kiex.start();
  }
  const counts = () =>
    late.map((student) => {
      const candidates = arrivals.candidatesOf(student);
      const matches = arrivals.matchesOf(candidates, job);
      return [candidates.length, matches.length, arrivals.notesOf(matches).length];
    });
  await until(
    async () => counts(),
    late.map(() => [1, 1, 1]),
    6 * minute,
  );
  Object.assign(manatal.moods.rates, { write: 0 });
  // The second resume goes in beside the first, or is known to be the same file.
  await pause(30_000);
  expect(counts()).toEqual(late.map(() => [1, 1, 1]));
});

test('[Q1] no minute had too many calls, and the key went nowhere else', async () => {
  report('largest 60 s window', `${manatal.window.largest()} of ${callsMax}`);
  const posts = manatal.hooks.answers.filter(({ method }) => method === 'POST');
  const slowest = Math.max(...posts.map(({ milliseconds }) => milliseconds));
  report('webhooks answered', `${posts.length}, the slowest in ${slowest.toFixed(0)} ms`);
  expect(manatal.window.violations).toEqual([]);
  expect(manatal.strayed).toEqual([]);
  expect(manatal.requests.filter(({ status }) => status === 301)).toEqual([]);
  expect(posts.filter(({ status }) => status !== 202 && status !== 0)).toEqual([]);
  const dead = await kiex.command(['dead-letters', 'list', '--json']);
  const open = dead.json.filter(({ path }: { path: string }) => path !== 'position_name');
  expect(open.map(({ resource, step, detail }: Row) => ({ resource, step, detail }))).toEqual([]);
});

const jobs = () => [...manatal.world.jobs.values()];
const jobCalled = (title: string) => jobs().find((job) => job.position_name === title)!;
const studentNumber = (number: number) =>
  createStudent(kiex.url, `Student Number ${number}`, `student${number}@mail.example`);
/** Polls come every five seconds; what failed once is tried again within a minute or two. */
const appears = (title: string) =>
  until(async () => (await board.titles()).includes(title), true, 2 * minute);
const missingFrom = (have: string[], wanted: string[]) =>
  wanted.filter((title) => !have.includes(title));

const syncFull = () => kiex.command(['sync', label, '--full', '--wait', '--json']);
/** How the runs ended; one that saw a row it cannot read, or a count that is off, has problems. */
const endsOf = ({ json, said }: Ran): string[] => {
  if (!Array.isArray(json)) throw new Error(said);
  return json.map(({ state }) => state);
};
