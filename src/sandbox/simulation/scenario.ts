import { placeholderActions, postJob } from './placeholderActions.ts';
import type { Scenario } from './run.ts';

/** Who acts in the simulation, and who judges it. */
export const scenario: Scenario = (world) => ({
  furnish() {
    for (let jobs = world.random.integer(6); jobs >= 0; jobs--) postJob(world);
  },
  actions: placeholderActions,
  judge: () => [],
});
