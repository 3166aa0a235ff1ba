import { judgeAgreement } from './agreement.ts';
import { judgeChanges, judgeConflicts } from './changes.ts';
import { assertWatched, judgeDecisions } from './decisions.ts';
import { judgeForms } from './forms.ts';
import { judgeArrivals, judgeIdentity } from './identity.ts';
import { judgeLeaks } from './leaks.ts';
import { judgeProfileRows } from './profileRows.ts';
import { judgeQuiet } from './quiet.ts';
import { judgeQuota } from './quota.ts';
import { judgeRuns } from './runs.ts';
import type { Scene } from './scene.ts';
import { judgeStrangers } from './strangers.ts';
import { judgeSuggestions } from './suggestions.ts';
import type { Violation } from './violation.ts';
import { judgeWebhooks } from './webhooks.ts';
import { judgeWithdrawals } from './withdrawals.ts';

/** The judges by name. Each looks at the whole end of a run and knows one kind of rule. */
export const judges: Readonly<Record<string, (scene: Scene) => Violation[]>> = {
  agreement: judgeAgreement,
  identity: judgeIdentity,
  profileRows: judgeProfileRows,
  changes: judgeChanges,
  conflicts: judgeConflicts,
  decisions: judgeDecisions,
  quota: judgeQuota,
  webhooks: judgeWebhooks,
  withdrawals: judgeWithdrawals,
  suggestions: judgeSuggestions,
  strangers: judgeStrangers,
  forms: judgeForms,
  leaks: judgeLeaks,
  runs: judgeRuns,
};

/**
 * Judges what polls, webhooks and the scan for due work must have carried, before anything is read
 * in full: a reconciliation mends much that should never have been lost. [D4] [D6]
 */
export function judgePolls(scene: Scene): Violation[] {
  const resources = scene.resources
    .filter(({ changedSince }) => changedSince)
    .map((resource) => ({
      ...resource,
      // A stage that is renamed counts as no change of its matches: only a full read shows it.
      fields: resource.fields.filter(({ ours }) => ours !== 'stageName'),
    }));
  const polled = { ...scene, resources };
  return [...judgeAgreement(polled), ...judgeChanges(polled), ...judgeArrivals(scene)];
}

/**
 * Judges a run whose faults have healed and whose world has come to rest.
 *
 * before, after  the rest, and the same after further polls and a full reconciliation of everything.
 * Returns        what breaks a rule; empty when all is well.
 */
export function judgeRest(before: Scene, after: Scene): Violation[] {
  assertWatched(after);
  return [...Object.values(judges).flatMap((judge) => judge(after)), ...judgeQuiet(before, after)];
}
