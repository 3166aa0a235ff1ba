import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type ManatalServing, serveManatalSimulator } from './serve.ts';
import { createTestbed, KEY } from './testbed.ts';

const servings: ManatalServing[] = [];
afterEach(() => Promise.all(servings.splice(0).map((serving) => serving.close())));

async function serveTestbed() {
  const bed = createTestbed();
  const { simulator } = bed;
  const serving = await serveManatalSimulator({ simulator, port: 0, manahookPort: 0 });
  servings.push(serving);
  return { ...bed, serving };
}

interface Sent {
  status?: number | undefined;
  code?: string | undefined;
  body: string;
}

/** One request over a real socket. */
function send(url: string, options: { method?: string; body?: string } = {}): Promise<Sent> {
  return new Promise((resolve) => {
    const headers = { authorization: `Token ${KEY}`, 'content-type': 'application/json' };
    const sent = request(url, { method: options.method ?? 'GET', headers }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => {
        body += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, body }));
      answer.on('error', (error: NodeJS.ErrnoException) => resolve({ code: error.code, body }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ code: error.code, body: '' }));
    sent.end(options.body);
  });
}

test('the Open API and the inspector share a port, Manahook has its own', async () => {
  const { serving } = await serveTestbed();
  expect(serving.url).toBe(`http://127.0.0.1:${serving.ports.openApi}`);
  expect((await send(`${serving.url}/open/v3/users/`)).status).toBe(200);
  expect((await send(serving.inspectorUrl)).body).toContain('Manatal simulator');
  expect((await send(`${serving.manahookUrl}/v1/webhooks/`)).body).toBe('[]');
  expect((await send(`${serving.manahookUrl}/open/v3/users/`)).status).toBe(404);
  expect((await send(`${serving.url}/v1/webhooks/`)).status).toBe(404);
});

test('a lost answer is a reset of the socket after the write was made', async () => {
  const { serving, simulator } = await serveTestbed();
  simulator.faults.add({ kind: 'answerLost', method: 'POST', path: '/open/v3/*', next: 1 });
  const body = JSON.stringify({ full_name: 'Kiko Example' });
  const create = { method: 'POST', body };
  expect((await send(`${serving.url}/open/v3/candidates/`, create)).code).toBe('ECONNRESET');
  expect(simulator.rows(1, 'candidates')).toHaveLength(1);
  expect((await send(`${serving.url}/open/v3/candidates/`, create)).status).toBe(201);
  expect(simulator.requests()[0]).toMatchObject({ fault: 'answerLost', status: null });
});

test('a lost request is a reset before anything was done', async () => {
  const { serving, simulator } = await serveTestbed();
  simulator.faults.add({ kind: 'requestLost', next: 1 });
  const create = { method: 'POST', body: JSON.stringify({ full_name: 'Kiko Example' }) };
  expect((await send(`${serving.url}/open/v3/candidates/`, create)).code).toBe('ECONNRESET');
  expect(simulator.rows(1, 'candidates')).toEqual([]);
});

test('a port that is taken is replaced by a free one, and said so', async () => {
  const first = await serveTestbed();
  expect(first.serving.portWasTaken).toBe(false);
  const second = createTestbed();
  const serving = await serveManatalSimulator({
    simulator: second.simulator,
    port: first.serving.ports.openApi,
    manahookPort: first.serving.ports.manahook,
  });
  servings.push(serving);
  expect(serving.portWasTaken).toBe(true);
  expect(serving.ports.openApi).not.toBe(first.serving.ports.openApi);
  expect((await send(`${serving.url}/open/v3/users/`)).status).toBe(200);
});

test('signed links point to where the simulator is served', async () => {
  const { serving, outside, makeCandidate, post, pass } = await serveTestbed();
  const url = 'https://files.kiex.example/resume.pdf';
  outside.set(url, () => new Response('%PDF', { headers: { 'content-type': 'application/pdf' } }));
  const { id } = await makeCandidate();
  await post(`/candidates/${id}/resume/`, { resume_file: url });
  await pass(30);
  const { resume } = JSON.parse((await send(`${serving.url}/open/v3/candidates/${id}/`)).body);
  expect(resume.startsWith(`${serving.url}/files/`)).toBe(true);
  expect(await send(resume)).toMatchObject({ status: 200, body: '%PDF' });
});
