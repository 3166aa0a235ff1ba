import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookAt, type Scene } from '#src/sandbox/simulation/checkers/scene.ts';
import { createTown, speakingOf, type Town } from './watchedTown.ts';

let town: Town;
beforeAll(async () => {
  town = await createTown();
});
afterAll(() => town.world.end());

/** What the judges would see after this; taken back afterwards. */
async function sceneAfter(statements: string): Promise<Scene> {
  const takenBack = new Error('taken back');
  let scene: Scene | null = null;
  await town.world.db
    .transaction(async (tx) => {
      await tx.execute(sql.raw(statements));
      scene = await lookAt({ ...town.world.watched, db: tx });
      throw takenBack;
    })
    .catch((error: unknown) => {
      if (error !== takenBack) throw error;
    });
  return scene!;
}

const breaks: [string, (town: Town) => string, Record<string, string[]>][] = [
  [
    '[Z1] our row differs from theirs',
    () => "update jobs set title = 'Waiter' where title = 'Diver'",
    { agreement: ['Z1'] },
  ],
  [
    '[F6] an application that was acknowledged is lost',
    ({ students: [, second] }) => `
      delete from links where our_id in ('${second!.applicationId}', '${second!.userId}');
      delete from agreements where application_id = '${second!.applicationId}';
      delete from application_events where application_id = '${second!.applicationId}';
      delete from applications where id = '${second!.applicationId}'`,
    { identity: ['F6'] },
  ],
  [
    '[I3] an application is nowhere at its provider',
    ({ students: [, second] }) => `delete from links where our_id = '${second!.applicationId}'`,
    { identity: ['I3'] },
  ],
  [
    '[I1] two of ours are tied to one of theirs',
    ({ diver }) => `
      alter table links drop constraint links_theirs;
      insert into links select '${aNewId(1)}', connection_id, resource, '${aNewId(1)}', their_id, base,
        their_revision, agreed_version, create_intent, create_sent_at, verify_at, verify_attempts,
        gone_at, fence, created_at, updated_at from links where our_id = '${diver.id}';
      alter table jobs drop column search, drop column shown;
      create temp table twin on commit drop as select * from jobs where id = '${diver.id}';
      update twin set id = '${aNewId(1)}', slug = 'twin';
      insert into jobs select * from twin`,
    { identity: ['I1'] },
  ],
  [
    '[M3] a conflict that shows one value only',
    ({ world, students: [first] }) => `
      insert into conflicts (id, connection_id, resource, our_id, their_id, field, ours, theirs,
        winner, reason, state, found_at)
      values ('${aNewId(2)}', '${world.connectionId()}', 'candidates', '${first!.userId}', '1',
        'about', 'null', '{"value": "b"}', 'ours', 'policy', 'settled', now())`,
    { conflicts: ['M3'] },
  ],
  [
    '[A1] a job that is there is called gone',
    ({ diver }) => `update links set gone_at = now() where our_id = '${diver.id}'`,
    { decisions: ['A1'] },
  ],
  [
    '[A1] a job was erased here',
    ({ diver }) => `delete from jobs where id = '${diver.id}'`,
    { decisions: ['A1'] },
  ],
  [
    '[D2] a value out of a forged webhook',
    ({ students: [first] }) => `
      insert into application_events (id, application_id, at, status, stage_name, by)
      values ('${aNewId(3)}', '${first!.applicationId}', now(), 'sent', 'Forged Stage 77', 'employer')`,
    { webhooks: ['D2'] },
  ],
  [
    '[D5] a delivery that nobody looked into',
    () => "update deliveries set state = 'stored'",
    { webhooks: ['D5'] },
  ],
  [
    '[D5] a delivery ignored without a reason',
    () => "update deliveries set state = 'ignored', reason = null",
    { webhooks: ['D5'] },
  ],
  [
    '[P1] a recruiter’s value is kept though nobody chose so',
    ({ world, students: [first] }) => `
      insert into suggestions (connection_id, student_id, field, value, state, at)
      values ('${world.connectionId()}', '${first!.userId}', 'address', 'Yigo', 'offered', now())`,
    { suggestions: ['P1'] },
  ],
  [
    '[Z1] a value is offered that does not stand there',
    ({ world, students: [first] }) => `
      update connections set settings = settings || '{"options": {"suggestions": "contact"}}';
      insert into suggestions (connection_id, student_id, field, value, state, at)
      values ('${world.connectionId()}', '${first!.userId}', 'name', 'Yigo', 'offered', now())`,
    { suggestions: ['Z1'] },
  ],
  [
    '[P1] somebody is kept who came without KiEX, though nobody chose so',
    ({ world, barista }) => `
      insert into public_applicants (id, connection_id, job_id, version, updated_at)
      values ('${aNewId(7)}', '${world.connectionId()}', '${barista.id}', 1, now())`,
    { strangers: ['P1'] },
  ],
  [
    '[A1] a stranger is shown who is not there',
    ({ world, barista }) => `
      update connections set settings = settings || '{"options": {"publicApplicants": "show"}}';
      insert into public_applicants (id, connection_id, job_id, version, updated_at)
      values ('${aNewId(7)}', '${world.connectionId()}', '${barista.id}', 1, now())`,
    { strangers: ['A1'] },
  ],
  [
    '[P3] a name in the activity',
    () => "update activity set detail = 'for Tasi Quenga'",
    { leaks: ['P3'] },
  ],
  [
    '[P5] a key in a table',
    () => "update connections set state_reason = 'sandbox-key-0001'",
    { leaks: ['P5'] },
  ],
  [
    '[F6] a green run that lost count',
    () => "update runs set seen = seen + 1 where state = 'done'",
    { runs: ['F6'] },
  ],
  [
    '[F6] a green run that lost count of ours',
    () =>
      "update runs set ours_skipped = ours_skipped + 1, ours_seen = ours_seen + 1 where state = 'done'",
    { runs: ['F6'] },
  ],
  [
    '[F6] a run that says itself that it lost count',
    () => "update runs set state = 'unbalanced'",
    { runs: ['F6'] },
  ],
  [
    '[F4] a run that nobody is at',
    () => "update runs set state = 'running', progress_at = '2027-01-11T00:00:00Z'",
    { runs: ['F4'] },
  ],
  [
    '[F2] a run that is held though nothing bars it',
    () => "update runs set state = 'held'",
    { runs: ['F2'] },
  ],
  [
    '[F5] a run that failed without a word',
    () => "update runs set state = 'failed', reason = null",
    { runs: ['F5'] },
  ],
  [
    '[F1] a failure that goes on though all is well',
    () => failure({ state: 'retrying', kind: 'unreachable' }),
    { runs: ['F1'] },
  ],
  [
    '[F1] a refusal that is tried for ever',
    () => failure({ state: 'retrying', kind: 'refused' }),
    { runs: ['F1'] },
  ],
  [
    '[F1] a record given up for a reason that passes',
    () => failure({ state: 'dead', kind: 'unreachable' }),
    { runs: ['F1'] },
  ],
  [
    '[F5] a dead letter without a word',
    () => failure({ state: 'dead', kind: 'refused', detail: ' ' }),
    { runs: ['F5'] },
  ],
  [
    '[F2] a connection that is held though nothing bars it',
    () => "update connections set state = 'needs_attention'",
    { runs: ['F2'] },
  ],
];

test.each(breaks)('%s: exactly the judge whose rule it is speaks', async (_, broken, expected) => {
  town.world.ledger.plant('Forged Stage 77');
  expect(speakingOf(await sceneAfter(broken(town)))).toEqual(expected);
  expect(speakingOf(await town.world.look())).toEqual({});
});

const aNewId = (place: number) => `0198f7a0-0000-7000-8000-00000000000${place}`;

const failure = (of: { state: string; kind: string; detail?: string }) => `
  insert into failures (id, connection_id, resource, record_key, state, kind, step, detail,
    attempts, first_at, last_at)
  values ('${aNewId(4)}', '${town.world.connectionId()}', 'jobs', 'their:1', '${of.state}',
    '${of.kind}', 'read', '${of.detail ?? 'no answer'}', 1, now(), now())`;
