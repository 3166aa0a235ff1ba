import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Parts } from '#src/sync/parts.ts';
import { isWebhookAddress, receiveWebhook } from '#src/sync/webhooks.ts';
import { discardBody } from './discardBody.ts';

/** No provider sends a tenth of this; what is larger is not a webhook. */
const bodyBytesMax = 1024 * 1024;

/** /api/webhooks/<provider>/<secret>/<event>: stored durably, then answered. [D1] */
export function mountWebhooks(site: Hono, parts: Parts): void {
  const tooLarge = async (c: Context) => {
    await discardBody(c.req.raw.body);
    parts.log.warn({ provider: c.req.param('provider') }, 'webhook refused: larger than 1 MB');
    return c.json({ error: 'The body is larger than 1 MB.' }, 413);
  };
  const limit = bodyLimit({ maxSize: bodyBytesMax, onError: tooLarge });
  for (const path of [
    '/api/webhooks/:provider/:secret',
    '/api/webhooks/:provider/:secret/:event{.*}',
  ]) {
    site.post(path, limit, (c) => answer(c, parts));
    // Also answers HEAD.
    site.get(path, (c) => answerLook(c, parts));
  }
}

/** Some senders look whether anybody is there before they send, and give up an address that is not. */
async function answerLook(c: Context, parts: Parts) {
  const { provider = '', secret = '' } = c.req.param();
  if (await isWebhookAddress(parts, { provider, secret }))
    return c.json({ words: 'Webhooks are taken here, by POST.' });
  return c.json({ error: 'This webhook address is not known.' }, 404);
}

async function answer(c: Context, parts: Parts) {
  const { provider = '', secret = '', event = '' } = c.req.param();
  try {
    const body = await c.req.text();
    const received = { provider, secret, event: event.replace(/\/+$/, ''), body };
    const { status, words } = await receiveWebhook(parts, received);
    return c.json(status === 202 ? { accepted: true, words } : { error: words }, status);
  } catch (error) {
    // Not stored, so never a 2xx: whoever sent it may try again, and the poll finds the change.
    parts.log.error({ err: error, provider }, 'webhook not stored');
    return c.json({ error: 'KiEX cannot store this just now.' }, 503);
  }
}
