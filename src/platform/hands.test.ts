import { expect, test } from 'vitest';
import { ManualClock } from './clock.ts';
import { putToWork, type Taken, type Wanted } from './hands.ts';
import type { Hands } from './queue.ts';

interface Waiting extends Taken {
  priority: number;
}

/** A queue in memory, and tasks that last until the test ends them. */
function openHands(hands: Hands) {
  const waiting: Waiting[] = [];
  const underWay = new Map<string, () => void>();
  const stumbled: unknown[] = [];
  let asked = 0;
  const take = async ({ exceptGroups, priorityMax }: Wanted) => {
    asked += 1;
    const fits = waiting
      .filter(({ group }) => group === null || !exceptGroups.includes(group))
      .filter(({ priority }) => priorityMax === null || priority <= priorityMax)
      .sort((a, b) => a.priority - b.priority)[0];
    if (!fits) return null;
    waiting.splice(waiting.indexOf(fits), 1);
    return fits;
  };
  const handle = ({ id }: Taken) => new Promise<void>((resolve) => underWay.set(id, resolve));
  const stumble = (error: unknown) => void stumbled.push(error);
  const atWork = putToWork({ clock: new ManualClock(), hands, take, handle, stumble });
  const rest = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    atWork,
    asked: () => asked,
    working: () => [...underWay.keys()],
    async ring(...tasks: Waiting[]) {
      waiting.push(...tasks);
      atWork.wake();
      await rest();
    },
    async end(id: string) {
      underWay.get(id)!();
      underWay.delete(id);
      await rest();
    },
  };
}

const task = (id: string, group: string, priority = 3): Waiting => ({
  id,
  task: {},
  group,
  priority,
});

test('[Q2] a group whose tasks all wait holds its own hands and no others', async () => {
  const town = openHands({ concurrency: 4, perGroup: 2 });
  await town.ring(task('slow 1', 'slow'), task('slow 2', 'slow'), task('slow 3', 'slow'));
  expect(town.working()).toEqual(['slow 1', 'slow 2']);
  await town.ring(task('quick', 'quick'));
  expect(town.working()).toEqual(['slow 1', 'slow 2', 'quick']);
  await town.end('slow 1');
  expect(town.working()).toEqual(['slow 2', 'quick', 'slow 3']);
});

test('[Q2] when all hands are full, those that are kept do only what is urgent', async () => {
  const town = openHands({ concurrency: 2, kept: { concurrency: 1, priorityMax: 0 } });
  await town.ring(task('a', 'a'), task('b', 'b'), task('c', 'c'));
  expect(town.working()).toEqual(['a', 'b']);
  await town.ring(task('person', 'd', 0), task('another person', 'e', 0));
  expect(town.working()).toEqual(['a', 'b', 'person']);
  await town.end('a');
  expect(town.working()).toEqual(['b', 'person', 'another person']);
});

test('with every hand full, a bell costs no question', async () => {
  const town = openHands({ concurrency: 1 });
  await town.ring(task('a', 'a'));
  const asked = town.asked();
  for (let n = 0; n < 20; n += 1) await town.ring(task(`${n}`, 'a'));
  expect(town.asked()).toBe(asked);
});

test('stopping takes no more and waits for what is under way', async () => {
  const town = openHands({ concurrency: 1 });
  await town.ring(task('a', 'a'), task('b', 'b'));
  let stopped = false;
  const stopping = town.atWork.stop().then(() => {
    stopped = true;
  });
  await town.ring(task('c', 'c'));
  expect(stopped).toBe(false);
  await town.end('a');
  await stopping;
  expect(town.working()).toEqual([]);
});
