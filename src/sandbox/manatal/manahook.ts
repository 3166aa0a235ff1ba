import type { Hono } from 'hono';
import type { Quota } from '../quota.ts';
import type { Core } from './core.ts';
import { EVENTS } from './events.ts';
import { answerList, createRoutes, idIn, readBody } from './guard.ts';
import type { WebhookRow } from './rows.ts';

interface Complaint {
  loc: string[];
  msg: string;
  type: string;
}

/** Webhook management: list, subscribe, unsubscribe. A FastAPI service of its own. Source: 10.1 */
export function createManahook(core: Core, quota: Quota): Hono {
  const countsCalls = () => core.switches().manahookSharesQuota;
  const routes = createRoutes({ core, base: '/v1', quota, countsCalls });

  routes.on('/webhooks/', {
    GET(context, account) {
      const { rows } = core.store.table(account.id, 'webhooks');
      return answerList(core, context, { rows, show: showWebhook, shape: 'webhooksShape' });
    },
    async POST(context, account) {
      const read = await readBody(context);
      if (read instanceof Response) return context.json({ detail: [NOT_JSON] }, 422);
      const wanted = readSubscription(read.body);
      if ('complaints' in wanted) return context.json({ detail: wanted.complaints }, 422);
      const now = core.clock.now().toISOString().slice(0, 19);
      const id = core.store.nextId(account.id, 'webhooks');
      const row = { id, ...wanted, created_at: now, updated_at: now };
      core.store.put(account.id, 'webhooks', row);
      // The framework answers a POST with 200 unless told otherwise. [I]
      return context.json(showWebhook(row), 200);
    },
  });
  routes.on('/webhooks/:id{[0-9]+}/', {
    DELETE(context, account) {
      const row = core.store.table(account.id, 'webhooks').get(idIn(context));
      if (!row) return context.json({ detail: 'Webhook not found' }, 404);
      core.store.remove(account.id, 'webhooks', row.id);
      return context.body(null, 204);
    },
  });
  return routes.app;
}

const NOT_JSON: Complaint = {
  loc: ['body'],
  msg: 'value is not a valid dict',
  type: 'type_error.dict',
};

function showWebhook({ created_at, updated_at, ...row }: WebhookRow) {
  return { ...row, object_id: null, content_type: null, event_id: null, created_at, updated_at };
}

type Subscription = Pick<WebhookRow, 'model' | 'action' | 'target_url'>;

/** Only the seven pairs; complaints in the framework's shape, all of them at once. */
function readSubscription(body: unknown): Subscription | { complaints: Complaint[] } {
  if (typeof body !== 'object' || body === null) return { complaints: [NOT_JSON] };
  const given = body as Record<string, unknown>;
  const complaints = ['model', 'action', 'target_url']
    .filter((name) => given[name] === undefined)
    .map((name) => complain(name, 'field required', 'value_error.missing'));
  const { model, action, target_url: target } = given;
  const ofModel = EVENTS.filter((pair) => pair.model === model);
  if (model !== undefined && ofModel.length === 0) {
    complaints.push(notPermitted('model', new Set(EVENTS.map((pair) => pair.model))));
  } else if (action !== undefined && !ofModel.some((pair) => pair.action === action)) {
    const permitted = ofModel.length > 0 ? ofModel : EVENTS;
    complaints.push(notPermitted('action', new Set(permitted.map((pair) => pair.action))));
  }
  if (target !== undefined && !isWebAddress(target)) {
    complaints.push(
      complain('target_url', 'invalid or missing URL scheme', 'value_error.url.scheme'),
    );
  }
  if (complaints.length > 0) return { complaints };
  return { model: String(model), action: String(action), target_url: String(target) };
}

function complain(name: string, msg: string, type: string): Complaint {
  return { loc: ['body', name], msg, type };
}

function notPermitted(name: string, permitted: Set<string>): Complaint {
  const list = [...permitted].map((one) => `'${one}'`).join(', ');
  const text = `value is not a valid enumeration member; permitted: ${list}`;
  return complain(name, text, 'type_error.enum');
}

function isWebAddress(text: unknown): boolean {
  return typeof text === 'string' && /^https?:\/\//i.test(text) && URL.canParse(text);
}
