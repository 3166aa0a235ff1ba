import { actions, furnish } from './actors/actors.ts';
import { mend } from './actors/staff.ts';
import { countExercised } from './checkers/coverage.ts';
import { judgeRest } from './checkers/judge.ts';
import { lookAt } from './checkers/scene.ts';
import type { Scenario } from './run.ts';
import { stageOf, watchedOf } from './stage.ts';

/** Who acts in the simulation, and who judges it. */
export const scenario: Scenario = {
  furnish,
  actions,
  mend,
  async quiet(world) {
    stageOf(world).quiet = await lookAt(watchedOf(world));
  },
  checks: [
    async (world) => {
      const after = await lookAt(watchedOf(world));
      for (const [name, count] of Object.entries(countExercised(after)))
        world.coverage.set(name, count);
      const before = stageOf(world).quiet ?? after;
      return judgeRest(before, after).map(
        ({ rule, words, ids }) => `[${rule}] ${words} (${ids.join(', ')})`,
      );
    },
  ],
};
