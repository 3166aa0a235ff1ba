import { done, failed } from '#src/platform/failure.ts';
import type { Connector, EventMeaning, Subscription } from '#src/sync/connector.ts';
import { isNotFound } from '../caller.ts';
import type { ManatalClient } from './client.ts';
import { asList, idOf, isRow, type Row, refOf } from './reading.ts';

const contact = (words: string): EventMeaning => ({
  words,
  resource: null,
  ignored: 'KiEX keeps nothing of the contacts of an account',
});

/** The seven events there are, and no others. reference/manatal.md 10.2 */
const events: Readonly<Record<string, EventMeaning>> = {
  'candidate/create': { words: 'A candidate is added', resource: 'candidates' },
  'candidate/update': { words: 'A candidate is edited', resource: 'candidates' },
  'contact/create': contact('A contact is added'),
  'contact/update': contact('A contact is edited'),
  'match/create': { words: 'A candidate is put on a job', resource: 'applications' },
  'match/moved': { words: 'An application moves to another stage', resource: 'applications' },
  'job/status_update': { words: 'The status of a job changes', resource: 'jobs' },
};

/** reference/manatal.md 10.4 */
const silent: readonly string[] = [
  'a job is created',
  'a job is edited in anything but its status, or published',
  'an application is dropped or taken up again',
  'anything is deleted',
];

const resources: Readonly<Record<string, string>> = { job: 'jobs', match: 'applications' };

/** The id a body points at; the payload is not documented, so it is looked for. reference/manatal.md 10.3 */
export function idIn(body: unknown, model: string): string | null {
  if (!isRow(body)) return null;
  const inner = (name: string): Row => (isRow(body[name]) ? body[name] : {});
  const data = inner('data');
  const plain = [
    body.object_id,
    body.id,
    data.id,
    data.object_id,
    inner('object').id,
    inner('payload').id,
  ];
  const named = /^[a-z]+$/.test(model)
    ? [body[`${model}_id`], body[model], data[`${model}_id`], data[model]]
    : [];
  for (const raw of plain) {
    const id = idOf(raw);
    if (id) return id;
  }
  for (const raw of named) {
    const id = refOf(raw);
    if (id) return id;
  }
  return null;
}

function readSubscription(raw: unknown): Subscription | null {
  if (!isRow(raw)) return null;
  const id = idOf(raw.id) ?? (typeof raw.id === 'string' ? raw.id : null);
  const { model, action, target_url: address } = raw;
  if (!id || typeof address !== 'string') return null;
  return { id, event: `${model}/${action}`, address };
}

/** Manahook: one subscription per event, on our own addresses. reference/manatal.md 10.1 */
export function manatalWebhooks(client: ManatalClient): NonNullable<Connector['webhooks']> {
  const path = '/webhooks/';
  return {
    events,
    silent,
    resourceOf: (model) => (Object.hasOwn(resources, model) ? resources[model]! : null),
    idIn,
    async list(context) {
      const answer = await client.manahook(context, { method: 'GET', path });
      if (!answer.ok) return answer;
      return done(asList(answer.value).flatMap((raw) => readSubscription(raw) ?? []));
    },
    async create(context, event, address) {
      const [model, action] = event.split('/');
      const body = { model, action, target_url: address };
      const answer = await client.manahook(context, { method: 'POST', path, body });
      if (!answer.ok) return answer;
      const made = readSubscription(answer.value);
      if (made) return done(made);
      return failed({ kind: 'surprising', path: 'id', detail: 'the answer names no subscription' });
    },
    async remove(context, id) {
      const answer = await client.manahook(context, { method: 'DELETE', path: `${path}${id}/` });
      if (answer.ok || isNotFound(answer.failure)) return done(null);
      return answer;
    },
  };
}
