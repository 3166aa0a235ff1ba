import { expect, test } from 'vitest';
import { ManualClock } from '#src/platform/clock.ts';
import { seededRandom } from '#src/platform/random.ts';
import { createFaults, type FaultRule } from './faults.ts';

/** A service that counts what it did, with faults in front. */
function createService(seed = 1) {
  const clock = new ManualClock();
  const faults = createFaults({ clock, random: seededRandom(seed) });
  const done: string[] = [];
  const struck: string[] = [];
  const handler = faults.wrap(
    async (request) => {
      done.push(`${request.method} ${new URL(request.url).pathname}`);
      return Response.json({ done: done.length });
    },
    (_request, kind) => struck.push(kind),
  );
  const call = (path = '/a/', init?: RequestInit) =>
    handler(new Request(`https://service.example${path}`, init));
  const add = (rule: Partial<FaultRule> & Pick<FaultRule, 'kind'>) => faults.add(rule);
  return { clock, faults, done, struck, call, add };
}

test('without rules everything passes', async () => {
  const { call, struck } = createService();
  expect(await (await call()).json()).toEqual({ done: 1 });
  expect(struck).toEqual([]);
});

test('429, 500 and 502 are answered before the service acts', async () => {
  const { call, add, done, struck } = createService();
  add({ kind: 'throttled', next: 1, seconds: 12 });
  add({ kind: 'serverError', next: 1 });
  add({ kind: 'badGateway', next: 1 });
  const throttled = await call();
  expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '12']);
  expect((await throttled.json()).detail).toContain('available in 12 seconds');
  for (const status of [500, 502]) {
    const answer = await call();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      'text/html; charset=utf-8',
    ]);
  }
  expect(done).toEqual([]);
  expect(struck).toEqual(['throttled', 'serverError', 'badGateway']);
  expect((await call()).status).toBe(200);
});

test('a lost request never arrives; a lost answer does', async () => {
  const { call, add, done } = createService();
  const lost = { name: 'TypeError', message: 'fetch failed', cause: { code: 'ECONNRESET' } };
  add({ kind: 'requestLost', next: 1 });
  await expect(call()).rejects.toMatchObject(lost);
  expect(done).toEqual([]);
  add({ kind: 'answerLost', next: 1 });
  await expect(call('/a/', { method: 'POST' })).rejects.toMatchObject(lost);
  expect(done).toEqual(['POST /a/']);
});

test('slow acts after the wait, slowAnswer before it, and both heed the caller who gives up', async () => {
  const { call, add, done, clock } = createService();
  add({ kind: 'slow', next: 1, milliseconds: 4000 });
  const slow = call();
  await clock.advance(3999);
  expect(done).toEqual([]);
  await clock.advance(1);
  expect((await slow).status).toBe(200);

  add({ kind: 'slowAnswer', next: 1, milliseconds: 4000 });
  const giveUp = new AbortController();
  const held = call('/b/', { signal: giveUp.signal });
  const ended = expect(held).rejects.toMatchObject({ name: 'AbortError' });
  await clock.advance(1000);
  expect(done).toHaveLength(2);
  giveUp.abort();
  await ended;
});

test('a truncated answer is no JSON any more', async () => {
  const { call, add } = createService();
  add({ kind: 'truncated', next: 1 });
  const answer = await call();
  expect(answer.status).toBe(200);
  await expect(answer.json()).rejects.toThrow(SyntaxError);
});

test('a stale answer is the one from before', async () => {
  const { call, add, faults } = createService();
  add({ kind: 'stale', chance: 0 });
  expect(await (await call()).json()).toEqual({ done: 1 });
  expect(await (await call()).json()).toEqual({ done: 2 });
  faults.heal();
  add({ kind: 'stale', next: 2 });
  expect(await (await call()).json()).toEqual({ done: 1 });
  expect(await (await call('/never-seen/')).json()).toEqual({ done: 3 });
});

test('a rule strikes only its paths and methods', async () => {
  const { call, add, struck } = createService();
  add({ kind: 'serverError', method: 'POST', path: '/jobs/*/notes/' });
  await call('/jobs/5/notes/');
  await call('/jobs/', { method: 'POST' });
  expect(struck).toEqual([]);
  expect((await call('/jobs/5/notes/', { method: 'POST' })).status).toBe(500);
});

test('chance strikes a share of the requests, the same for the same seed', async () => {
  const run = async (seed: number) => {
    const { call, add } = createService(seed);
    add({ kind: 'serverError', chance: 0.3 });
    const answers = [];
    for (let index = 0; index < 200; index += 1) answers.push((await call()).status);
    return answers;
  };
  const answers = await run(9);
  const failed = answers.filter((status) => status === 500).length;
  expect(failed).toBeGreaterThan(35);
  expect(failed).toBeLessThan(85);
  expect(await run(9)).toEqual(answers);
  expect(await run(10)).not.toEqual(answers);
});

test('next counts down and the rule is gone; heal ends all rules', async () => {
  const { call, add, faults } = createService();
  add({ kind: 'serverError', next: 2 });
  expect([(await call()).status, (await call()).status, (await call()).status]).toEqual([
    500, 500, 200,
  ]);
  expect(faults.rules()).toEqual([]);
  add({ kind: 'requestLost' });
  faults.heal();
  expect((await call()).status).toBe(200);
});
