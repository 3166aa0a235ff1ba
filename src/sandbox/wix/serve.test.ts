import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { serveWixSimulator, type WixServing } from './serve.ts';
import { createTestbed, KEY, LANI, SITE } from './testbed.ts';

const servings: WixServing[] = [];
afterEach(() => Promise.all(servings.splice(0).map((serving) => serving.close())));

async function serveTestbed(port = 0) {
  const { simulator } = createTestbed();
  const serving = await serveWixSimulator({ simulator, port });
  servings.push(serving);
  return { simulator, serving };
}

interface Sent {
  status?: number | undefined;
  code?: string | undefined;
  body: string;
}

/** One request over a real socket. */
function send(url: string, body?: unknown): Promise<Sent> {
  return new Promise((resolve) => {
    const headers = { authorization: KEY, 'wix-site-id': SITE, 'content-type': 'application/json' };
    const sent = request(url, { method: body ? 'POST' : 'GET', headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, body: text }));
      answer.on('error', (error: NodeJS.ErrnoException) => resolve({ code: error.code, body: '' }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ code: error.code, body: '' }));
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}

test('the API and the inspector share a port; the root leads to the inspector', async () => {
  const { serving } = await serveTestbed();
  expect(serving.url).toBe(`http://127.0.0.1:${serving.port}`);
  const made = await send(`${serving.url}/contacts/v4/contacts`, { info: LANI });
  expect(made.status).toBe(200);
  const aliased = { query: { filter: { namespace: 'wix.form_app.form' } } };
  const path = '/forms/v4/submissions/namespace/query';
  expect((await send(`${serving.url}${path}`, aliased)).status).toBe(200);
  expect((await send(`${serving.url}/v3/posts/query`, { query: {} })).status).toBe(200);
  expect((await send(serving.inspectorUrl)).body).toContain('Wix simulator');
  expect((await send(serving.url)).status).toBe(303);
});

test('a lost answer is a reset of the socket after the write was made', async () => {
  const { serving, simulator } = await serveTestbed();
  simulator.faults.add({ kind: 'answerLost', method: 'POST', next: 1 });
  const path = `${serving.url}/contacts/v4/contacts`;
  expect((await send(path, { info: LANI })).code).toBe('ECONNRESET');
  expect(simulator.rows(SITE, 'contacts')).toHaveLength(1);
  expect((await send(path, { info: LANI })).status).toBe(409);
});

test('a port that is taken is replaced by a free one, and said so', async () => {
  const first = await serveTestbed();
  expect(first.serving.portWasTaken).toBe(false);
  const second = await serveTestbed(first.serving.port);
  expect(second.serving.portWasTaken).toBe(true);
  expect(second.serving.port).not.toBe(first.serving.port);
});
