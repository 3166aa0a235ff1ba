import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  countExercised,
  exercisedNothing,
  neverHappened,
} from '#src/sandbox/simulation/checkers/coverage.ts';
import { judgeRest } from '#src/sandbox/simulation/checkers/judge.ts';
import { judgeQuiet } from '#src/sandbox/simulation/checkers/quiet.ts';
import {
  callAsKiex,
  comeToRest,
  createTown,
  lookOnceMore,
  meddle,
  speakingOf,
  type Town,
} from './watchedTown.ts';

let town: Town;
beforeEach(async () => {
  town = await createTown();
});
afterEach(() => town.world.end());

test('[Z1] a town in which all is well: every judge is silent, also after further looks', async () => {
  await comeToRest(town.world);
  const before = await town.world.look();
  await lookOnceMore(town.world);
  expect(judgeRest(before, await town.world.look())).toEqual([]);
  expect(before.calls.length).toBeGreaterThan(20);
});

const breaks: [string, (town: Town) => unknown, Record<string, string[]>][] = [
  [
    '[Z1] their row differs from ours',
    ({ world }) => world.recruiter.editJob(theirJob('Diver'), { city: 'Tamuning' }),
    { agreement: ['Z1'] },
  ],
  [
    '[Z1] an empty field at the provider that we could fill',
    ({ world }) => world.recruiter.editCandidate(candidate(0).id, { phone_number: null }),
    { agreement: ['Z1'] },
  ],
  [
    '[I3] a student is there twice',
    ({ world }) => callAsKiex(world, '/candidates/', { ...person(0), external_id: null }),
    { identity: ['I3'] },
  ],
  [
    '[I3] an application is there twice',
    ({ world }) =>
      world.callManatal('POST', '/matches/', {
        candidate: candidate(0).id,
        job: theirJob('Diver'),
        external_id: town.students[0]!.applicationId,
      }),
    { identity: ['I3'] },
  ],
  [
    '[I3] a note is there twice',
    ({ world }) => {
      const [note] = rows('notes');
      return world.callManatal('POST', `/${note!.parent}/notes/`, { info: note!.info });
    },
    { identity: ['I3'] },
  ],
  [
    '[I3] a row of a profile is there that no line of a profile stands for',
    ({ world }) =>
      world.callManatal('POST', `/candidates/${candidate(0).id}/educations/`, { school: 'X' }),
    { profileRows: ['I3'] },
  ],
  [
    '[M1] a note never arrived',
    ({ world }) => {
      const [note] = rows('notes');
      return world.callManatal('DELETE', `/${note!.parent}/notes/${note!.id}/`, {});
    },
    { identity: ['M1'] },
  ],
  [
    '[I3] a file is there twice',
    async ({ world }) => {
      const path = `/candidates/${candidate(0).id}/attachments/`;
      const file = { name: 'Resume', file: 'http://kiex.test/none.pdf' };
      for (let time = 0; time < 2; time++) await world.callManatal('POST', path, file);
    },
    { identity: ['I3'] },
  ],
  [
    '[M1] what the provider’s people wrote is overwritten',
    ({ world }) => world.ledger.edit(addressEdit('Yigo')),
    { changes: ['M1'] },
  ],
  [
    '[D4] the recruiter dropped an applicant who reads otherwise',
    ({ world }) => world.recruiter.drop(rows('matches')[0]!.id),
    { agreement: ['Z1'], decisions: ['D4'] },
  ],
  [
    '[D4] an open job there is missing here',
    ({ world }) =>
      world.recruiter.postJob({
        organization: rows('organizations')[0]!.id,
        position_name: 'Cook',
        status: 'active',
        is_published: true,
      }),
    { decisions: ['D4'] },
  ],
  [
    '[A1] a job that is gone is still open here',
    ({ world }) => world.recruiter.remove('jobs', theirJob('Diver')),
    { decisions: ['A1'] },
  ],
  [
    '[A2] somebody was deleted at the provider',
    ({ world }) => callAsKiex(world, '/candidates/1/', undefined, 'DELETE'),
    { decisions: ['A2'] },
  ],
  [
    '[Q1] more calls within a minute than allowed',
    async ({ world }) => {
      world.watched.budgetPerMinute = 50;
      await world.clock.advance(60_000);
      for (let call = 0; call < 51; call++) await callAsKiex(world, '/users/');
    },
    { quota: ['Q1'] },
  ],
  [
    '[Q3] a call while a 429 lasts',
    async ({ world }) => {
      world.watched.budgetPerMinute = 1_000;
      world.simulator.faults.add({ kind: 'throttled', next: 1, seconds: 30 });
      await callAsKiex(world, '/users/');
      await world.clock.advance(10_000);
      await callAsKiex(world, '/users/');
    },
    { quota: ['Q3'] },
  ],
  [
    '[P3] an e-mail in the log',
    ({ world }) => world.logged.push(`{"msg":"sent to ${town.students[0]!.email}"}`),
    { leaks: ['P3'] },
  ],
  [
    '[P5] the secret of a webhook address in the log',
    ({ world }) => world.logged.push(rows('webhooks')[0]!.target_url),
    { leaks: ['P5'] },
  ],
  [
    '[P1] a student who never applied is known there',
    async ({ world }) => {
      const { userId } = await world.addStudent('Kiko Never');
      world.ledger.tell({ value: 'Kiko Never', ownerId: userId, category: 'name' });
      await callAsKiex(world, '/candidates/', { full_name: 'Kiko Never' });
    },
    { leaks: ['P1'] },
  ],
  [
    '[P1] a look names an e-mail whose student did not agree',
    async ({ world }) => {
      const { userId, email } = await world.addStudent('Kiko Never');
      world.ledger.tell({ value: email, ownerId: userId, category: 'email' });
      await callAsKiex(world, `/candidates/?email=${encodeURIComponent(email)}`);
    },
    { leaks: ['P1'] },
  ],
  [
    '[P2] a name leaves after its student took the agreement back',
    async ({ world }) => {
      const [first] = town.students;
      world.ledger.withdraw(first!.userId, first!.applicationId);
      await world.clock.advance(1_000);
      await callAsKiex(
        world,
        `/candidates/${candidate(0).id}/`,
        { full_name: first!.name },
        'PATCH',
      );
    },
    { leaks: ['P1'] },
  ],
];

test.each(breaks)('%s: exactly the judge whose rule it is speaks', async (_, breakIt, expected) => {
  await breakIt(town);
  expect(speakingOf(await town.world.look())).toEqual(expected);
});

test.each([
  ['a write to the provider', ({ world }: Town) => callAsKiex(world, '/candidates/', person(1))],
  ['a row of ours', ({ world }: Town) => meddle(world, 'update jobs set title = title')],
  ['a link', ({ world }: Town) => meddle(world, "update links set base = '{}'")],
])('[M6] %s that was written in the quiet is seen', async (_, write) => {
  const before = await town.world.look();
  await write(town);
  const rules = judgeQuiet(before, await town.world.look()).map(({ rule }) => rule);
  expect(new Set(rules)).toEqual(new Set(['M6']));
});

test('[M1] an edit that a later one of the same field overtook is no loss', async () => {
  town.world.ledger.edit(addressEdit('Yigo'));
  town.world.ledger.edit(addressEdit('Mangilao'));
  town.world.ledger.edit({ ...addressEdit('Yona'), id: 'somebody else' });
  expect(speakingOf(await town.world.look())).toEqual({});
});

test('what a run went through is counted, and what never happened is named', async () => {
  const counters = countExercised(await town.world.look());
  expect(counters).toMatchObject({ 'an application was sent': 2, 'a conflict was found': 0 });
  expect(exercisedNothing(counters)).toBe(false);
  expect(exercisedNothing({ 'act: furnished': 1, 'a conflict was found': 0 })).toBe(true);
  expect(exercisedNothing({ 'a webhook was forged': 3 })).toBe(false);
  const total = { ...counters, 'a conflict was found': 2 };
  const owed = ['an application was sent', 'a conflict was found', 'fault: stale'];
  expect(neverHappened(total, owed)).toEqual(['fault: stale']);
});

const rows = <Name extends Parameters<Town['world']['simulator']['rows']>[1]>(name: Name) =>
  town.world.simulator.rows(town.world.account.id, name);
const candidate = (place: number) => rows('candidates')[place]!;
const theirJob = (title: string) => rows('jobs').find((row) => row.position_name === title)!.id;
const person = (place: number) => {
  const { full_name, email, external_id } = candidate(place);
  return { full_name, email, external_id };
};

const addressEdit = (value: string) => ({
  side: 'theirs' as const,
  connectionId: town.world.connectionId(),
  resource: 'candidates',
  id: String(candidate(0).id),
  field: 'address',
  value,
});
