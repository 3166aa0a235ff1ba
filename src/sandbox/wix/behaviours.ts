import { ACCESS_BEHAVIOURS } from './accessBehaviours.ts';
import { CONTACT_BEHAVIOURS } from './contactBehaviours.ts';
import type { CoveredBehaviour } from './coverage.ts';
import { PEOPLE_BEHAVIOURS } from './peopleBehaviours.ts';
import { POST_BEHAVIOURS } from './postBehaviours.ts';
import { WEBHOOK_BEHAVIOURS } from './webhookBehaviours.ts';

/** What the simulator does beyond having routes. Every row names a test that exists. */
export const BEHAVIOURS: readonly CoveredBehaviour[] = [
  ...ACCESS_BEHAVIOURS,
  ...CONTACT_BEHAVIOURS,
  ...PEOPLE_BEHAVIOURS,
  ...POST_BEHAVIOURS,
  ...WEBHOOK_BEHAVIOURS,
];
