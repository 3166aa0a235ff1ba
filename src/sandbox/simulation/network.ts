import type { Clock } from '#src/platform/clock.ts';
import { ConnectionLost, createFaults, FAULT_KINDS, type FetchHandler } from '../faults.ts';
import { countFault, type Ground, note, strikes } from './ground.ts';
import type { Life } from './scheduler.ts';
import { fingerprint } from './trace.ts';

/** One call that KiEX made to the provider. */
export interface ProviderCall {
  /** Virtual, in milliseconds. */
  at: number;
  /** The process that called. */
  by: string;
  /** The key it used; made up, like everything here. */
  key: string;
  method: string;
  path: string;
  /** What was answered, whether or not it arrived; null while under way or when cut off. */
  status: number | null;
  fault: string | null;
  /** What was sent; empty for a read. */
  body: string;
  /** When the caller heard the answer, or that there is none; null: he never did. */
  endedAt: number | null;
  /** How long a 429 asks to be left alone, in its header. */
  waitSeconds: number | null;
}

export interface Network {
  fetchOf(life: Life): typeof fetch;
  /** How the provider reaches us. */
  outgoing(url: string, init?: RequestInit): Promise<Response>;
  calls(): readonly ProviderCall[];
  /** Who is killed as an answer comes in has told nobody of it: as if it had not been heard. */
  isKilled(life: Life): void;
  /** Takes the present chances of faults. */
  applyFaults(): void;
}

/** An answer is on its way for up to this long. */
const latencyMillisecondsMax = 300;
/** Longer than any time-out of ours. */
const slowMilliseconds = 90_000;
/** What is heard goes round within some steps of a millisecond or two. */
const tellingMilliseconds = 20;
const callsUnderWayMax = 50;
const throttledSeconds = 20;

/**
 * The network between KiEX and the provider, with faults on both ways.
 *
 * provider  the life of the provider itself, which is never killed.
 * site      what answers at our public address; null while it is down.
 */
export function createNetwork(
  ground: Ground,
  given: {
    provider: Life;
    clock: Clock;
    service: FetchHandler;
    site: () => { fetch: FetchHandler } | null;
  },
): Network {
  const { scheduler, chance } = ground;
  const { provider, clock } = given;
  const calls: ProviderCall[] = [];
  const faults = createFaults({ clock, random: chance });
  const struck = new WeakMap<Request, string>();
  const faulted = faults.wrap(given.service, (request, kind) => {
    struck.set(request, kind);
    countFault(ground, `http ${kind}`);
  });

  /** Lets the provider act. What comes of it reaches the caller as a step, if he still lives. */
  async function deliver(life: Life, { request, body }: Sent, settle: Settle): Promise<void> {
    const { pathname, search } = new URL(request.url);
    const call: ProviderCall = {
      at: scheduler.now(),
      by: life.name,
      key: request.headers.get('authorization')?.replace(/^Token /, '') ?? '',
      method: request.method,
      path: pathname + search,
      status: null,
      fault: null,
      body,
      endedAt: null,
      waitSeconds: null,
    };
    calls.push(call);
    const line = `${call.method} ${call.path}`;
    note(ground, life, line);
    const isForm = call.method === 'POST' && pathname.endsWith('/application-form/');
    if (isForm && strikes(ground, 'killed over a form', ground.faults.formKill))
      ground.doomed.add(life);
    let end: () => void;
    try {
      const answer = await faulted(request);
      call.status = answer.status;
      if (answer.status === 429) call.waitSeconds = Number(answer.headers.get('retry-after') ?? 60);
      end = () => settle.resolve(answer);
    } catch (error) {
      end = () => settle.reject(error);
    }
    call.fault = struck.get(request) ?? null;
    await clock.sleep(20 + chance.integer(latencyMillisecondsMax));
    await scheduler.step(life, () => {
      note(ground, life, `${line} -> ${call.status} ${call.fault ?? ''}`);
      if (!request.signal.aborted) call.endedAt = scheduler.now();
      end();
    });
  }

  return {
    calls: () => calls,
    isKilled(life) {
      const since = scheduler.now() - tellingMilliseconds;
      for (const call of calls.slice(-callsUnderWayMax))
        if (call.by === life.name && call.endedAt !== null && call.endedAt >= since)
          call.endedAt = null;
    },
    applyFaults() {
      faults.heal();
      if (!ground.faults.areOn) return;
      const { formAnswerLost } = ground.faults;
      if (formAnswerLost > 0) {
        const form = { method: 'POST', path: '*/application-form/', chance: formAnswerLost };
        faults.add({ kind: 'answerLost', ...form });
      }
      for (const kind of Object.keys(FAULT_KINDS) as (keyof typeof FAULT_KINDS)[]) {
        const rate = ground.faults.http[kind];
        if (rate === 0) continue;
        faults.add({
          kind,
          chance: rate,
          milliseconds: slowMilliseconds,
          seconds: throttledSeconds,
        });
      }
    },
    fetchOf: (life) =>
      ((input: string | URL | Request, init?: RequestInit) =>
        givingUp(init?.signal, (settle) => {
          const request = new Request(input, init);
          const body = typeof init?.body === 'string' ? init.body : '';
          const send = () => void deliver(life, { request, body }, settle);
          void scheduler.step(life, send, { afterDeath: send });
        })) as typeof fetch,
    outgoing: (url, init) =>
      givingUp(init?.signal, (settle) => {
        const arrive = async () => {
          const path = new URL(url).pathname.split('/').slice(0, 3).join('/');
          note(ground, provider, `calls ${path} ${fingerprint(`${url} ${init?.body ?? ''}`)}`);
          const site = given.site();
          const isLost = strikes(ground, 'door: request lost', ground.faults.doorLost);
          if (!site || isLost) return settle.reject(new ConnectionLost());
          const answer = await site.fetch(new Request(url, init));
          await clock.sleep(chance.integer(latencyMillisecondsMax));
          if (strikes(ground, 'door: answer lost', ground.faults.doorLost)) {
            return settle.reject(new ConnectionLost());
          }
          note(ground, provider, `is answered ${answer.status}`);
          settle.resolve(answer);
        };
        void scheduler.step(provider, () => void arrive().catch(settle.reject));
      }),
  };
}

interface Sent {
  request: Request;
  body: string;
}

interface Settle {
  resolve(answer: Response): void;
  reject(error: unknown): void;
}

/** Rejects as `fetch` does when the caller gives up; what was begun still runs to its end. */
function givingUp(
  signal: AbortSignal | null | undefined,
  begin: (settle: Settle) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    begin({ resolve, reject });
  });
}
