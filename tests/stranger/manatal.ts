import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, type Call, json, proxyPage, throttled } from './answers.ts';
import { createHooks, type Hooks, pairs } from './hooks.ts';
import { createMoods, type Fault, type Moods } from './moods.ts';
import { answerApi } from './resources.ts';
import { createWindow, type Window } from './window.ts';
import { createDice, createWorld, type World } from './world.ts';

/**
 * Manatal as a stranger would build it from the reference alone: wherever that is uncertain, this
 * takes the option nobody hopes for. It has no switch that makes it pleasant.
 */
export interface StrangeManatal {
  url: string;
  manahookUrl: string;
  world: World;
  hooks: Hooks;
  moods: Moods;
  window: Window;
  /** Every request to both hosts, oldest first. */
  requests: Seen[];
  /** Requests that reached the host which `next` names; a key among them has leaked. */
  strayed: { path: string; withKey: boolean }[];
  close(): Promise<void>;
}

export interface Seen {
  at: number;
  method: string;
  path: string;
  status: number;
}

/** Was it made for somebody's application, rather than to look for changes? */
export const isForApplication = ({ path }: Seen) =>
  /\/candidates\/|\/notes\//.test(path) || /\/matches\/(\d+\/)?$/.test(path);

/** Serves on free ports of the loopback. seed  decides every whim. */
export async function startManatal(key: string, seed: number): Promise<StrangeManatal> {
  const dice = createDice(seed);
  const parts = {
    world: createWorld(key),
    hooks: createHooks(dice),
    moods: createMoods(dice),
    window: createWindow(),
    requests: [] as Seen[],
    strayed: [] as { path: string; withKey: boolean }[],
  };
  const other = await listen((request, response) => {
    parts.strayed.push({ path: request.url!, withKey: Boolean(request.headers.authorization) });
    response.writeHead(418).end();
  });
  const tools = { dice, otherHost: other.url, emit: parts.hooks.emit };
  const api = await listen((request, response) =>
    handle(request, response, parts, (call) => answerApi(parts.world, call, tools)),
  );
  const manahook = await listen((request, response) =>
    handle(request, response, parts, (call) => answerManahook(parts.hooks, call)),
  );
  return {
    ...parts,
    url: api.url,
    manahookUrl: manahook.url,
    async close() {
      await Promise.all([api, manahook, other].map((one) => one.close()));
    },
  };
}

type Parts = Pick<StrangeManatal, 'world' | 'moods' | 'window' | 'requests'>;
async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { world, moods, window, requests }: Parts,
  work: (call: Call) => Answer,
): Promise<void> {
  const url = new URL(request.url!, 'http://here');
  const method = request.method!;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const token = request.headers.authorization ?? '';
  const note: Seen = { at: Date.now(), method, path: url.pathname + url.search, status: 0 };
  requests.push(note);
  const send = (answer: Answer) => {
    note.status = answer.status;
    reply(response, answer);
  };
  if (!window.pass(token)) return send(throttled(false));
  if (token !== `Token ${world.key}`) return send(json(401, { detail: 'Invalid token.' }));
  if (!url.pathname.endsWith('/')) {
    const location = `${url.pathname}/${url.search}`;
    return send({ status: 301, text: '', headers: { location } });
  }
  const fault = moods.pick(method, url.pathname);
  if (fault?.kind === 'throttled') return send(throttled(fault.html));
  if (fault?.kind === 'html' && !fault.after) return send(proxyPage(fault.status));
  if (fault?.kind === 'destroyed' && !fault.after) return void request.socket.destroy();
  const text = Buffer.concat(chunks).toString('utf8');
  const body = text ? (JSON.parse(text) as Record<string, unknown>) : {};
  const answer = work({ method, path: url.pathname, query: url.searchParams, body });
  await spoil(fault, answer, { send, destroy: () => request.socket.destroy() });
}

async function spoil(
  fault: Fault | null,
  answer: Answer,
  { send, destroy }: { send: (answer: Answer) => void; destroy: () => void },
): Promise<void> {
  if (fault?.kind === 'destroyed') return destroy();
  if (fault?.kind === 'html') return send(proxyPage(fault.status));
  if (fault?.kind === 'slow') await pause(fault.seconds * 1000);
  if (fault?.kind === 'truncated') {
    return send({ ...answer, text: answer.text.slice(0, Math.ceil(answer.text.length / 2)) });
  }
  send(answer);
}

function reply(response: ServerResponse, { status, text, headers }: Answer): void {
  response.writeHead(status, { ...headers, 'cf-ray': 'strange-1' }).end(text);
}

/** Manahook: one list inside `results`, no check for repeats, and nothing is ever found to delete. */
function answerManahook(hooks: Hooks, { method, path, body }: Call): Answer {
  if (path === '/v1/webhooks/' && method === 'GET')
    return json(200, { results: hooks.subscriptions });
  if (path === '/v1/webhooks/' && method === 'POST') {
    const { model, action, target_url } = body as Record<string, string>;
    if (!pairs.has(`${model}/${action}`) || !target_url) {
      const words = { loc: ['body', 'action'], msg: 'unexpected value', type: 'value_error.const' };
      return json(422, { detail: [words] });
    }
    return json(200, hooks.subscribe({ model: model!, action: action!, target_url }));
  }
  if (method === 'DELETE') {
    const id = Number(path.split('/').at(-2));
    hooks.subscriptions = hooks.subscriptions.filter((one) => one.id !== id);
    return json(404, { detail: 'Not Found' });
  }
  return json(405, { detail: 'Method Not Allowed' });
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    void Promise.resolve(answer(request, response)).catch((error) => {
      console.error('the strange Manatal stumbled', error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
