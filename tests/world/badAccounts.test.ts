import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { jobs } from '#src/jobs/tables.ts';
import { lookAround } from '#src/sync/schedule.ts';
import { connections } from '#src/sync/tables.ts';
import { createTestWorld, type TestWorld } from './testWorld.ts';

// Ten employers, three of whom are in trouble: one account's key is refused, one is told to slow down
// at every call, one takes every call and never answers. The other seven notice nothing.

const accounts = 10;
const refused = 7;
const throttled = 8;
const silent = 9;
/** Applications that wait, by account; more for the silent one than a process has hands. */
const piles = { [refused]: 4, [throttled]: 8, [silent]: 40 };

let world: TestWorld;
afterEach(() => world.end());

const keyOf = (account: number) => `sandbox-key-1${String(account).padStart(3, '0')}`;

/** What stands between KiEX and each account. */
function trouble() {
  let isOn = false;
  const hang = (request: Request) =>
    new Promise<Response>((_answer, fail) => {
      request.signal.addEventListener('abort', () => fail(request.signal.reason));
    });
  return {
    begin() {
      isOn = true;
    },
    async onTheWay(request: Request, go: () => Promise<Response>): Promise<Response> {
      const key = (request.headers.get('authorization') ?? '').replace('Token ', '');
      if (!isOn) return go();
      if (key === keyOf(refused))
        return Response.json({ detail: 'Invalid token.' }, { status: 401 });
      if (key === keyOf(throttled)) {
        return Response.json({}, { status: 429, headers: { 'retry-after': '5' } });
      }
      return key === keyOf(silent) ? hang(request) : go();
    },
  };
}

/** Virtual time passes in small steps, and all that can go on beside each other does. */
async function pass(seconds: number, isEnough = async () => false): Promise<number> {
  for (let tenths = 0; tenths < seconds * 10; tenths += 1) {
    if (await isEnough()) return tenths / 10;
    await world.clock.advance(100);
    if (tenths % 10 === 0) await lookAround(world.parts);
    await world.queue.drain();
  }
  return seconds;
}

interface Employer {
  account: number;
  jobId: string;
  connectionId: string;
}

async function openEmployers(): Promise<Employer[]> {
  const opened: Employer[] = [];
  for (let n = 0; n < accounts; n += 1) {
    const name = `Employer ${n}`;
    const account = world.simulator.addAccount({ label: name, key: keyOf(n) }).id;
    const recruiter = world.simulator.recruiter(account);
    const house = recruiter.addOrganization({ name });
    if (!house.ok) throw new Error('no organization');
    recruiter.postJob({
      organization: house.row.id,
      position_name: `Job ${n}`,
      status: 'active',
      is_published: true,
    });
    const connecting = world.connect({ label: name, organizationName: name, key: keyOf(n) });
    await pass(1);
    opened.push({ account, jobId: '', connectionId: await connecting });
  }
  await pass(30);
  for (const [n, employer] of opened.entries()) {
    const [job] = await world.db
      .select()
      .from(jobs)
      .where(eq(jobs.title, `Job ${n}`));
    if (!job) throw new Error(`job ${n} did not come in`);
    employer.jobId = job.id;
  }
  return opened;
}

/** One student for each of these employers, all in the same moment. Returns how long it takes them. */
async function applyAndWait(employers: Employer[], round: string): Promise<number> {
  const before = employers.map(({ account }) => world.simulator.rows(account, 'matches').length);
  const students = [];
  for (const { account } of employers) {
    students.push(await world.addStudent(`Student ${round} ${account}`));
  }
  await Promise.all(students.map((student, at) => student.applies(employers[at]!.jobId)));
  const haveArrived = async () =>
    employers.every(
      ({ account }, at) => world.simulator.rows(account, 'matches').length > before[at]!,
    );
  return pass(60, haveArrived);
}

const statesOf = async (employers: Employer[]) => {
  const rows = await world.db.select().from(connections);
  return employers.map(({ connectionId }) => rows.find(({ id }) => id === connectionId)?.state);
};

test('[Q2] [F2] [Q3] accounts in trouble hold up no application to another employer', async () => {
  const way = trouble();
  world = await createTestWorld({ hands: true, callsPerMinute: 90, onTheWay: way.onTheWay });
  const employers = await openEmployers();
  const good = employers.slice(0, refused);
  const bad = employers.slice(refused);
  const undisturbed = await applyAndWait(good, 'before');
  expect(undisturbed).toBeLessThan(5);

  way.begin();
  for (const [at, pile] of Object.entries(piles)) {
    for (let n = 0; n < pile; n += 1) {
      const student = await world.addStudent(`Piled ${at} ${n}`);
      await student.applies(employers[Number(at)]!.jobId);
    }
  }
  await pass(20);
  expect(await applyAndWait(good, 'after')).toBeLessThan(undisturbed + 1);
  // The trouble is told where it is, and nowhere else.
  expect(await statesOf(good)).toEqual(good.map(() => 'connected'));
  expect((await statesOf(bad))[0]).toBe('needs_attention');
  for (const { account } of bad) expect(world.simulator.rows(account, 'matches')).toEqual([]);
});
