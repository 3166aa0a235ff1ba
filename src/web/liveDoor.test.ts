import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Role, Viewer } from '#src/accounts/viewer.ts';
import { ManualClock } from '#src/platform/clock.ts';
import { addressOf, listen } from './listening.ts';
import { liveDoor, mayHear, staffTopics } from './liveDoor.ts';

type Listener = (topic: string) => void;

let viewer: Viewer | null;
let clock: ManualClock;
let closing: AbortController;
let listeners: Set<Listener>;

const person = (role: Role): Viewer => ({ userId: 'u1', name: 'N', email: 'n@a.example', role });

beforeEach(() => {
  viewer = person('staff');
  clock = new ManualClock();
  closing = new AbortController();
  listeners = new Set();
});

async function openSite(): Promise<string> {
  const live = {
    subscribe: (_topics: string[], listener: Listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const site = new Hono();
  const viewerOf = async () => viewer;
  site.get('/api/live', liveDoor({ live, clock, closing: closing.signal, viewerOf }));
  const server = createAdaptorServer({ fetch: site.fetch }) as Parameters<typeof listen>[0];
  await listen(server, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    closing.abort();
    server.closeAllConnections();
    server.close();
  });
  return addressOf(server);
}

const say = (topic: string) => {
  for (const listener of listeners) listener(topic);
};

/** Listens to topics and hands out what arrives, piece by piece. */
async function listenTo(topics: string) {
  const leave = new AbortController();
  const url = `${await openSite()}/api/live?topics=${topics}`;
  const answer = await fetch(url, { signal: leave.signal });
  const reader = answer.body!.getReader();
  const decoder = new TextDecoder();
  const next = async () => {
    const { done, value } = await reader.read();
    return done ? null : decoder.decode(value);
  };
  return { answer, next, leave: () => leave.abort() };
}

test.each([
  ['staff', 'runs', true],
  ['admin', 'failures', true],
  ['staff', 'applications:u9', true],
  ['staff', 'conflicts', true],
  ['staff', 'issues', true],
  ['staff', 'no-such-topic', false],
  ['student', 'applications:u1', true],
  ['student', 'applications:u9', false],
  ['student', 'jobs', true],
  ['student', 'runs', false],
  ['employer', 'jobs', true],
  ['employer', 'applications:u1', false],
] as const)('%s and %s: %s', (role, topic, may) => {
  expect(mayHear(person(role), topic)).toBe(may);
});

test.each([...staffTopics, 'applications:u1', 'applications:u9', 'no-such-topic'])(
  'an employer’s person does not hear of %s, which may be another employer’s',
  (topic) => {
    expect(mayHear(person('employer'), topic)).toBe(false);
  },
);

test('who is not signed in, asks for nothing or for what is not theirs hears nothing', async () => {
  const status = async (url: string, query: string) =>
    (await fetch(`${url}/api/live${query}`)).status;
  const url = await openSite();
  expect(await status(url, '')).toBe(400);
  expect(await status(url, '?topics=runs,secrets')).toBe(403);
  viewer = person('student');
  expect(await status(url, '?topics=jobs,runs')).toBe(403);
  viewer = null;
  expect(await status(url, '?topics=jobs')).toBe(401);
  expect(listeners.size).toBe(0);
});

test('a topic that speaks reaches the browser by its name', async () => {
  const { answer, next } = await listenTo('runs,jobs');
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect(await next()).toBe('retry: 2000\n\n');
  say('runs');
  expect(await next()).toBe('event: runs\ndata: runs\n\n');
});

test('a topic that speaks often is told once, as soon as there is room', async () => {
  const { next } = await listenTo('runs,jobs');
  await next();
  for (let times = 0; times < 100; times++) say('runs');
  say('jobs');
  let told = '';
  while (!told.includes('jobs')) told += await next();
  expect(told.match(/event: runs/g)).toHaveLength(1);
});

test('silence is filled, so that no proxy closes the stream', async () => {
  const { next } = await listenTo('runs');
  await next();
  await clock.advance(15_000);
  expect(await next()).toBe(': still here\n\n');
});

test('when the browser leaves, the subscription ends', async () => {
  const { next, leave } = await listenTo('runs');
  await next();
  expect(listeners.size).toBe(1);
  leave();
  await vi.waitFor(() => expect(listeners.size).toBe(0));
});

test('when the server stops, the stream ends at once', async () => {
  const { next } = await listenTo('runs');
  await next();
  closing.abort();
  expect(await next()).toBeNull();
  expect(listeners.size).toBe(0);
});

test('after fifteen minutes the browser must come back and is asked again who it is', async () => {
  const { next } = await listenTo('runs');
  await next();
  let pieces = 0;
  const ended = (async () => {
    while ((await next()) !== null) pieces++;
  })();
  while (listeners.size > 0) await clock.advance(15_000);
  await ended;
  expect(pieces).toBeLessThanOrEqual(60);
});
