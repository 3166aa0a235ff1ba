import { CAREER_BEHAVIOURS } from './careerBehaviours.ts';
import type { CoveredBehaviour } from './coverage.ts';
import { FLOW_BEHAVIOURS } from './flowBehaviours.ts';
import { RECORD_BEHAVIOURS } from './recordBehaviours.ts';

/** What the simulator does beyond having routes. Every row names a test that exists. */
export const BEHAVIOURS: readonly CoveredBehaviour[] = [
  ...RECORD_BEHAVIOURS,
  ...FLOW_BEHAVIOURS,
  ...CAREER_BEHAVIOURS,
];
