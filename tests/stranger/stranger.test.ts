import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKiex, type Kiex, type Ran } from './kiex.ts';
import { type StrangeManatal, startManatal } from './manatal.ts';
import { createStudent, plain, type Student } from './student.ts';
import { callsMax } from './window.ts';
import { edit, openJob, put, type Row } from './world.ts';

// One story, told in order: each test goes on where the one before ended.

const label = 'Strange Ferries';
const plainJobs = 128;
const minute = 60_000;

let manatal: StrangeManatal;
let kiex: Kiex;
let ferries: Row;
let harbour: Row;
const students: Student[] = [];

beforeAll(async () => {
  manatal = await startManatal('key-of-the-strange-ferries', 7);
  kiex = await createKiex(manatal);
  seedJobs();
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
  const wanted = [...manatal.world.jobs.values()].filter((job) => job.onBoard).map(titleOf);
  await until(async () => missingFrom(await board(), wanted), [], 3 * minute);
  expect((await board()).toSorted()).toEqual(wanted.toSorted());
  const dead = await kiex.command(['dead-letters', 'list', '--json']);
  expect(dead.json.map(({ path }: { path: string }) => path)).toContain('position_name');
});

test('pay is shown only where the employer shows it, and text comes in clean', async () => {
  expect(await jobPage('Shown pay')).toContain('$12.50');
  for (const title of ['Hidden pay', 'Unsaid pay']) {
    expect(await jobPage(title)).not.toMatch(/31\.25|44\.5/);
  }
  const html = await (await fetch(kiex.url + (await pathOf('Scripted')))).text();
  expect(html).toContain('Welcome aboard');
  expect(html).not.toMatch(/stolen|onerror|javascript:/);
  expect(await jobPage('Odd contract')).toMatch(/zero.hours/i);
  expect(await jobPage('Nobody knows the employer')).toContain(label);
  expect(await jobPage('Very long')).toContain('the last word');
});

test('[D4] edits arrive within a poll; a job that is put on hold leaves the board', async () => {
  edit(jobCalled('Shown pay'), { position_name: 'Shown pay, edited' });
  edit(jobCalled('Deckhand 001'), { status: 'on_hold' });
  edit(jobCalled('Draft'), { is_published: true });
  manatal.hooks.emit('job', 'status_update', jobCalled('Deckhand 001').id);
  const start = Date.now();
  await until(
    async () => {
      const titles = await board();
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
    openJob(harbour.id, { position_name: 'At the broken harbour' }),
  );
  put(
    manatal.world,
    manatal.world.jobs,
    openJob(ferries.id, { position_name: 'Beside the broken harbour' }),
  );
  await until(async () => (await board()).includes('Beside the broken harbour'), true, minute);
  manatal.world.brokenOrganizations.delete(harbour.id);
  await until(async () => (await board()).includes('At the broken harbour'), true, 2 * minute);
});

test('[I2] [I3] twenty students who apply in a storm arrive exactly once each', async () => {
  const jobPath = await pathOf('Deckhand 010');
  const job = jobCalled('Deckhand 010');
  for (let number = 1; number <= 20; number++) {
    students.push(studentNumber(number));
  }
  const known = seedKnownCandidates(job);
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
  const answers = await Promise.all(students.map((one) => one.apply(jobPath, noteOf(one))));
  expect(answers.filter((answer) => !answer.startsWith('303 /dashboard?sent='))).toEqual([]);
  await until(async () => unfinished(job), [], 9 * minute);
  Object.assign(manatal.moods.rates, { read: 0, write: 0 });
  report('20 applications in the storm', `${(Date.now() - start) / 1000} s`);
  const ours = manatal.requests.slice(before).filter(({ path }) => isOfApplication(path));
  report('calls per application in the storm', (ours.length / 20).toFixed(1));
  report('faults', JSON.stringify([...manatal.moods.struck]));
  expect(countsPer(job)).toEqual(students.map((student) => once(student, known)));
});

test('the recruiter moves, hires and drops; each student sees it', async () => {
  const job = jobCalled('Deckhand 010');
  const [moved, hired, dropped, phoned] = students.slice(4);
  const act = (student: Student, values: Record<string, unknown>, stage: boolean) => {
    const match = matchOf(student, job)!;
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
  const job = [...manatal.world.jobs.values()].find((row) => row.id % 7 === 0 && isOnBoard(row))!;
  await pause(1_000 - (Date.now() % 1_000));
  edit(job, { position_name: 'Coxswain' });
  Object.assign(job, { seenFrom: 0 });
  manatal.hooks.lost = 0;
  manatal.hooks.emit('job', 'status_update', job.id);
  await until(async () => (await board()).includes('Coxswain'), true, minute);
  const { updatedAt } = job;
  Object.assign(job, { position_name: 'Second coxswain', updatedAt });
  await until(async () => (await board()).includes('Second coxswain'), true, minute);
  manatal.hooks.lost = 0.25;
});

test('[I4] a student whose candidate was merged away applies again, to the one that is left', async () => {
  const { world } = manatal;
  const student = students[16]!;
  const [old] = candidatesOf(student);
  world.candidates.delete(old!.id);
  const left = put(world, world.candidates, { full_name: 'Known longer', email: student.email });
  for (const match of world.matches.values()) {
    if (match.candidate === old!.id) edit(match, { candidate: left.id });
  }
  await student.apply(await pathOf('Deckhand 030'), noteOf(student));
  const job = jobCalled('Deckhand 030');
  const there = async () => matchesOf([left], job).map((match) => notesOf([match]).length);
  await until(there, [1], 2 * minute);
  expect(candidatesOf(student)).toEqual([left]);
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
  expect(await board()).not.toContain('Deckhand 002');
  const before = manatal.requests.length;
  expect(endsOf(await syncFull())).not.toContain('failed');
  const writes = manatal.requests.slice(before).filter(({ method }) => method !== 'GET');
  expect(writes).toEqual([]);
  const wanted = [...manatal.world.jobs.values()].filter(isOnBoard).map(titleOf);
  expect((await board()).toSorted()).toEqual(wanted.toSorted());
});

test('[F2] a revoked key stops all calls, and a restored one loses nothing', async () => {
  const { key } = manatal.world;
  manatal.world.key = 'another';
  const state = async () => (await kiex.command(['connections', 'list', '--json'])).json[0].state;
  await until(state, 'needs_attention', minute);
  await pause(1_000);
  const before = manatal.requests.length;
  edit(jobCalled('Deckhand 003'), { position_name: 'Deckhand 003, edited meanwhile' });
  await pause(12_000);
  expect(manatal.requests.slice(before)).toEqual([]);
  manatal.world.key = key;
  const tested = await kiex.command(['connections', 'test', label, '--json']);
  expect(tested.code, tested.said).toBe(0);
  await until(async () => (await board()).includes('Deckhand 003, edited meanwhile'), true, minute);
});

test('[F4] killed in the middle of applications, it sends each exactly once after the restart', async () => {
  const jobPath = await pathOf('Deckhand 020');
  const job = jobCalled('Deckhand 020');
  const writes = () => manatal.requests.filter(({ method }) => method === 'POST').length;
  const before = writes();
  const late = students.slice(8, 16);
  Object.assign(manatal.moods.rates, { write: 0.3 });
  await Promise.all(late.map((student) => student.apply(jobPath, noteOf(student))));
  for (const deaths of [1, 2]) {
    const enough = before + deaths * 5;
    while (writes() < enough) await pause(5);
    await kiex.kill();
    await kiex.start();
  }
  const counts = () =>
    late.map((student) => {
      const candidates = candidatesOf(student);
      const matches = matchesOf(candidates, job);
      return [candidates.length, matches.length, notesOf(matches).length];
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

function seedJobs(): void {
  const { world } = manatal;
  ferries = put(world, world.organizations, { name: 'Ferries of the strange', website: null });
  harbour = put(world, world.organizations, { name: 'The harbour', website: null });
  world.brokenOrganizations.add(harbour.id);
  const job = (position_name: string, values: Record<string, unknown> = {}, onBoard = true) =>
    put(world, world.jobs, { ...openJob(ferries.id, { position_name, ...values }), onBoard });
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
  job('Draft', { is_published: false }, false);
  job('On hold', { status: 'on_hold' }, false);
  job('Waiting for the board', { status: 'pending_approval' }, false);
  job('Won', { status: 'won' }, false);
  job('Lost', { status: 'lost' }, false);
  job('Over', { close_at: '2020-01-01T00:00:00' }, false);
  job('Nobody can read this', { position_name: { en: 'An object' } }, false);
}

/** A student whom the recruiter knows, with a resume; and one who is there twice. */
function seedKnownCandidates(job: Row): Map<Student, { candidates: number }> {
  const { world } = manatal;
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
    [first, { candidates: 1 }],
    [second, { candidates: 2 }],
    [third, { candidates: 1 }],
  ]);
}

const studentNumber = (number: number) =>
  createStudent(kiex.url, `Student Number ${number}`, `student${number}@mail.example`);
const noteOf = ({ name }: Student) =>
  `I'm "${name}" & I know the bay <by heart>.\n\nCafé work — since 2024; 5 > 3.\nYours, ${name}`;

const candidatesOf = ({ email }: Student) =>
  [...manatal.world.candidates.values()].filter((row) => row.email === email);
const matchesOf = (candidates: Row[], job: Row) =>
  [...manatal.world.matches.values()].filter(
    (match) => match.job === job.id && candidates.some(({ id }) => id === match.candidate),
  );
const matchOf = (student: Student, job: Row) => matchesOf(candidatesOf(student), job)[0];
const under = (rows: Map<number, Row>, parents: string[]) =>
  [...rows.values()].filter((row) => parents.includes(String(row.at)));
const notesOf = (matches: Row[]) =>
  under(
    manatal.world.notes,
    matches.map(({ id }) => `matches/${id}`),
  );

/** What is there of each student, for this job. */
function countsPer(job: Row) {
  const { world } = manatal;
  return students.map((student) => {
    const candidates = candidatesOf(student);
    const matches = matchesOf(candidates, job);
    const parents = candidates.map(({ id }) => `candidates/${id}`);
    const files = [...under(world.resumes, parents), ...under(world.attachments, parents)];
    const mine = files.filter((row) => String(row.bytes).includes(`resume of ${student.email}\n`));
    return {
      email: student.email,
      candidates: candidates.length,
      matches: matches.length,
      files: mine.length,
      notes: notesOf(matches).length,
    };
  });
}

function once(student: Student, known: Map<Student, { candidates: number }>) {
  const candidates = known.get(student)?.candidates ?? 1;
  return { email: student.email, candidates, matches: 1, files: 1, notes: 1 };
}

const unfinished = (job: Row) =>
  countsPer(job).filter(({ matches, files, notes }) => !matches || !files || !notes);

const isOfApplication = (path: string) =>
  /\/candidates\/|\/notes\//.test(path) || /\/matches\/(\d+\/)?$/.test(path);

const titleOf = (job: Row) => String(job.position_name);
const isOnBoard = (job: Row) =>
  job.status === 'active' &&
  job.is_published === true &&
  !job.close_at &&
  typeof job.position_name === 'string';
const jobCalled = (title: string) =>
  [...manatal.world.jobs.values()].find((job) => job.position_name === title)!;
const missingFrom = (have: string[], wanted: string[]) =>
  wanted.filter((title) => !have.includes(title));

/** Titles and paths of all jobs on the board, page by page. */
async function listed(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let page = 1; page < 50; page++) {
    const html = await (await fetch(`${kiex.url}/jobs?page=${page}`)).text();
    const links = [...html.matchAll(/<h3[^>]*><a[^>]*href="(\/jobs\/[^"?]+)"[^>]*>([^<]*)<\/a>/g)];
    const before = found.size;
    for (const [, path, title] of links) found.set(title!, path!);
    if (found.size === before) break;
  }
  return found;
}

const board = async () => [...(await listed()).keys()];
const pathOf = async (title: string) => (await listed()).get(title)!;
const jobPage = async (title: string) =>
  plain(await (await fetch(kiex.url + (await pathOf(title)))).text());
const syncFull = () => kiex.command(['sync', label, '--full', '--wait', '--json']);
/** How the runs ended; one that saw a row it cannot read, or a count that is off, has problems. */
const endsOf = ({ json, said }: Ran): string[] => {
  if (!Array.isArray(json)) throw new Error(said);
  return json.map(({ state }) => state);
};

async function until<T>(look: () => Promise<T>, wanted: T, milliseconds: number): Promise<void> {
  await expect.poll(look, { timeout: milliseconds, interval: 500 }).toEqual(wanted);
}

function report(what: string, figure: string): void {
  console.info(`${what}: ${figure}`);
}
