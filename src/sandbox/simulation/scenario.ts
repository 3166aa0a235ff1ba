import { actionsOf, furnish, setsUp, settle } from './actors/actors.ts';
import { countExercised, exercisedNothing } from './checkers/coverage.ts';
import { judgePolls, judgeRest } from './checkers/judge.ts';
import { lookAt, type Scene } from './checkers/scene.ts';
import type { Violation } from './checkers/violation.ts';
import type { Scenario } from './run.ts';
import { watchedOf } from './stage.ts';

/** Who acts in the simulation, and who judges it. */
export const scenario: Scenario = (world) => {
  let atRest: Scene | null = null;
  return {
    furnish: () => furnish(world),
    actions: actionsOf(world.settings.features),
    connected: (account) => setsUp(world, account),
    mend: () => settle(world),
    async afterPolls() {
      return judgePolls(await lookAt(watchedOf(world))).map(inWords);
    },
    async atRest() {
      atRest = await lookAt(watchedOf(world));
    },
    async judge() {
      const after = await lookAt(watchedOf(world));
      const counters = countExercised(after);
      for (const [name, count] of Object.entries(counters)) world.coverage.set(name, count);
      if (exercisedNothing(counters)) return ['nobody did anything: the run proves nothing'];
      return judgeRest(atRest ?? after, after).map(inWords);
    },
  };
};

const inWords = ({ rule, words, ids }: Violation) => `[${rule}] ${words} (${ids.join(', ')})`;
