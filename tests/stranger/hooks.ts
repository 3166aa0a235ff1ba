import { setTimeout as pause } from 'node:timers/promises';

export interface Subscription {
  id: number;
  model: string;
  action: string;
  target_url: string;
}

/** The webhook side: keeps subscriptions and sends what happens to them, badly. */
export interface Hooks {
  subscriptions: Subscription[];
  subscribe(asked: Omit<Subscription, 'id'>): Subscription;
  /** Tells everybody who asked; not awaited, may never happen, may happen twice, in any order. */
  emit(model: string, action: string, id: number): void;
  /** Share that is never sent. */
  lost: number;
  /** What the receiver said to each request. */
  answers: { method: string; status: number; milliseconds: number }[];
}

/** The seven pairs there are. reference/manatal.md 10.2 */
export const pairs = new Set([
  'candidate/create',
  'candidate/update',
  'contact/create',
  'contact/update',
  'match/create',
  'match/moved',
  'job/status_update',
]);

const contentTypes = ['text/plain', 'application/x-www-form-urlencoded', 'application/json', ''];

export function createHooks(dice: () => number): Hooks {
  let id = 2200;
  const send = async (method: string, url: string, body?: string, type?: string) => {
    const start = performance.now();
    const headers = new Headers(type ? { 'content-type': type } : {});
    const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
      .then(async (response) => {
        await response.arrayBuffer();
        return response.status;
      })
      .catch(() => 0);
    hooks.answers.push({ method, status: answer, milliseconds: performance.now() - start });
  };
  const deliver = async (to: Subscription, record: number) => {
    await pause(Math.floor(dice() * 900));
    const type = contentTypes[Math.floor(dice() * contentTypes.length)];
    await send('POST', to.target_url, JSON.stringify(bodyOf(to, record, dice)), type);
  };
  const hooks: Hooks = {
    subscriptions: [],
    lost: 0.25,
    answers: [],
    subscribe(asked) {
      const made = { id: ++id, ...asked };
      hooks.subscriptions.push(made);
      // Is anybody there? Some senders ask before they begin.
      void send('HEAD', made.target_url).then(() => send('GET', made.target_url));
      return made;
    },
    emit(model, action, record) {
      for (const one of hooks.subscriptions) {
        if (one.model !== model || one.action !== action || dice() < hooks.lost) continue;
        const times = dice() < 0.3 ? 2 : 1;
        for (let time = 0; time < times; time++) void deliver(one, record);
      }
    },
  };
  return hooks;
}

/** The shapes a body may have, and one without any id. reference/manatal.md 16.19 */
function bodyOf({ model, action }: Subscription, id: number, dice: () => number): unknown {
  const shapes: unknown[] = [
    { object_id: id },
    { id: String(id), status: 'a value nobody should believe' },
    { model, action, data: { id: String(id) } },
    { [model]: { id }, job_id: '1' },
    { [`${model}_id`]: id },
    { event: 'something happened' },
    [],
  ];
  return shapes[Math.floor(dice() * shapes.length)];
}
