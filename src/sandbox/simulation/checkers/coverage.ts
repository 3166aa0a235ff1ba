import { FAULT_KINDS } from '../../faults.ts';
import { linksOf, rowsOf, type Scene } from './scene.ts';

/** Name -> how often it happened. */
export type Counters = Readonly<Record<string, number>>;

/**
 * What a run went through, seen from outside: a run in which nothing went wrong proves nothing.
 * Whoever kills processes or cuts them off counts that in the ledger, under names of their own.
 */
export function countExercised(scene: Scene): Counters {
  const counters: Record<string, number> = Object.fromEntries(scene.ledger.counts);
  const add = (name: string, count = 1) => {
    counters[name] = (counters[name] ?? 0) + count;
  };
  for (const kind of Object.keys(FAULT_KINDS)) add(`fault: ${kind}`, 0);
  for (const call of scene.calls) {
    if (call.fault) add(`fault: ${call.fault}`);
    if (call.fault === 'answerLost' && call.method === 'POST')
      add('the answer to a create was lost');
    if (call.fault === 'stale') add('an old page was read');
    if (call.status === 429) add('the provider asked for a pause');
    if (call.status === 401) add('the key was refused');
  }
  for (const { accountId } of scene.accounts)
    for (const { fault } of scene.simulator.deliveries(accountId))
      if (fault !== 'none') add(`webhook: ${fault}`);
  for (const row of rowsOf(scene, 'activity'))
    if (row.action === 'linked') add('their record was adopted');
  add('a conflict was found', rowsOf(scene, 'conflicts').length);
  add('a record was gone', linksOf(scene).filter((link) => link.gone_at).length);
  for (const row of rowsOf(scene, 'failures')) add(`failure: ${String(row.kind)}`);
  const sent = scene.ledger.applied.filter((row) => row.applicationId !== null);
  add('an application was sent', sent.length);
  const moved = scene.strangers.filter(({ status }) => status !== 'sent').length;
  add('a stranger is shown', scene.strangers.length);
  add('a stranger is shown further on', moved);
  const gone = rowsOf(scene, 'public_applicants').filter((row) => row.gone_at !== null);
  add('a stranger was removed', gone.length);
  const doubts = rowsOf(scene, 'failures').filter(({ step }) => step === 'unanswered');
  add('a form waited for a person', doubts.length);
  add('a job was made here', scene.ledger.born.length);
  add('a value was changed', scene.ledger.edits.length);
  add('somebody was removed', scene.ledger.removals.length);
  add('a webhook was forged', scene.ledger.planted.length);
  return counters;
}

/** So many runs are a batch: what none of them met is not reached at all. */
export const batchRuns = 200;

/** What a batch of runs must have met, all of it, at least once. */
export const owedByBatch: readonly string[] = [
  'an application was sent',
  'a value was changed',
  'a job was made here',
  'somebody was removed',
  'a conflict was found',
  'a webhook was forged',
  'a student withdrew',
  'a student applied again',
  'stages were given meanings',
  'a suggestion was used',
  'a suggestion was refused',
  'a form was filled in',
  'a form waited for a person',
  'a person sent a form again',
  'a person found a form there',
  'a stranger is shown',
  'a stranger is shown further on',
  'a stranger was removed',
  'the answer to a create was lost',
  'their record was adopted',
  'a record was gone',
  'the provider asked for a pause',
  'the key was refused',
  'failure: unreachable',
  ...Object.keys(FAULT_KINDS).map((kind) => `fault: ${kind}`),
  ...['lost', 'doubled', 'late', 'reordered', 'forged'].map((fault) => `webhook: ${fault}`),
];

/** What was owed and never happened. */
export const neverHappened = (total: Counters, owed: readonly string[]): string[] =>
  owed.filter((name) => !total[name]);

/** What of `exercisedNothing` is no test of anything. */
const beforehand = 'act: furnished';

/** Did nobody do anything in this one run, and nothing go wrong? */
export const exercisedNothing = (counters: Counters): boolean =>
  Object.entries(counters).every(([name, count]) => count === 0 || name === beforehand);
