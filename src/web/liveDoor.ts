import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { Clock } from '#src/platform/clock.ts';

/** The part of platform/live.ts that this door needs. */
export interface LiveSource {
  subscribe(topics: string[], listener: (topic: string) => void): () => void;
}

/** What speaks of everybody's records at once: for staff. Everybody hears that the board changed. */
export const staffTopics = ['runs', 'activity', 'failures', 'connections', 'conflicts', 'issues'];
const ofOneStudent = /^applications:[\w-]+$/;
const topicsMax = 10;

/** Proxies close connections that are silent for 30 to 60 seconds. */
const keepAliveMilliseconds = 15_000;

/** Then the browser comes back by itself, and whether its viewer may still listen is asked anew. */
const streamMilliseconds = 15 * 60_000;

/** Beyond this a process would rather serve pages; they work without live events. */
const streamsMax = 1_000;

/**
 * `/api/live?topics=a,b`: server-sent events that name the topic that changed, and nothing else;
 * the page then asks for what it may see.
 *
 * closing  aborts when the server stops: the streams end at once.
 */
export function liveDoor(options: {
  live: LiveSource;
  clock: Clock;
  closing: AbortSignal;
  viewerOf(request: Request): Promise<Viewer | null>;
}) {
  let open = 0;
  return async (c: Context): Promise<Response> => {
    const viewer = await options.viewerOf(c.req.raw);
    if (!viewer) return c.json({ error: 'Sign in to listen.' }, 401);
    const topics = [...new Set((c.req.query('topics') ?? '').split(',').filter(Boolean))];
    if (topics.length === 0 || topics.length > topicsMax) {
      return c.json({ error: `Name 1 to ${topicsMax} topics.` }, 400);
    }
    if (!topics.every((topic) => mayHear(viewer, topic))) {
      return c.json({ error: 'One of these topics is not for you.' }, 403);
    }
    if (open >= streamsMax) return c.json({ error: 'Too many listeners.' }, 503);
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      open++;
      try {
        await speak({ ...options, stream, topics });
      } finally {
        open--;
      }
    });
  };
}

/** Which topics a person may hear about. Pure. */
export function mayHear(viewer: Viewer, topic: string): boolean {
  if (topic === 'jobs') return true;
  if (viewer.role === 'staff' || viewer.role === 'admin') {
    return staffTopics.includes(topic) || ofOneStudent.test(topic);
  }
  return viewer.role === 'student' && topic === `applications:${viewer.userId}`;
}

async function speak(options: {
  live: LiveSource;
  clock: Clock;
  closing: AbortSignal;
  stream: SSEStreamingApi;
  topics: string[];
}): Promise<void> {
  const { live, clock, closing, stream, topics } = options;
  const left = new AbortController();
  const stop = AbortSignal.any([closing, left.signal]);
  let turn = new AbortController();
  // A set: a listener who reads slowly gets each topic once, however often it spoke meanwhile.
  const waiting = new Set<string>();
  const unsubscribe = live.subscribe(topics, (topic) => {
    waiting.add(topic);
    turn.abort();
  });
  stream.onAbort(() => left.abort());
  stop.addEventListener('abort', () => turn.abort());
  const end = clock.now().getTime() + streamMilliseconds;
  try {
    await stream.write('retry: 2000\n\n');
    while (!stop.aborted && clock.now().getTime() < end) {
      if (waiting.size === 0) await clock.sleep(keepAliveMilliseconds, turn.signal);
      if (stop.aborted) return;
      turn = new AbortController();
      const spoken = [...waiting];
      waiting.clear();
      if (spoken.length === 0) await stream.write(': still here\n\n');
      // Browsers drop an event without data.
      for (const topic of spoken) await stream.writeSSE({ event: topic, data: topic });
    }
  } finally {
    unsubscribe();
  }
}
