import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from './clock.ts';
import { createHttpClient, type HttpAnswer } from './httpClient.ts';

type Behaviour = (request: http.IncomingMessage, response: http.ServerResponse) => void;

async function serverThat(behave: Behaviour): Promise<{ url: string; calls: string[] }> {
  const calls: string[] = [];
  const server = http.createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    behave(request, response);
  });
  return { url: await listenOn(server), calls };
}

async function listenOn(server: net.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    if (server instanceof http.Server) server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function send(
  url: string,
  options: {
    method?: string;
    body?: string;
    timeoutSeconds?: number;
    signal?: AbortSignal;
    clock?: ManualClock;
    headers?: Record<string, string>;
  } = {},
): Promise<HttpAnswer> {
  const { clock, ...request } = options;
  const client = createHttpClient({
    allowedOrigins: [new URL(url).origin],
    userAgent: 'KiEX/test',
    clock,
  });
  return client.send({ method: 'GET', timeoutSeconds: 5, ...request, url });
}

test('an answer carries status, headers and text, whatever the status', async () => {
  const { url } = await serverThat((request, response) => {
    response.writeHead(404, { 'x-request-id': 'r1' });
    response.end(`Håfa adai, ${request.headers['user-agent']}`);
  });
  const answer = await send(`${url}/jobs`);
  expect(answer).toMatchObject({ kind: 'answer', status: 404, text: 'Håfa adai, KiEX/test' });
  expect(answer.kind === 'answer' && answer.headers.get('x-request-id')).toBe('r1');
});

test('body and headers arrive as given', async () => {
  let received = '';
  const { url } = await serverThat(async (request, response) => {
    for await (const chunk of request) received += chunk;
    response.writeHead(201).end(request.headers.authorization);
  });
  const headers = { authorization: 'Token abc', 'content-type': 'application/json' };
  const answer = await send(url, { method: 'POST', body: '{"a":1}', headers });
  expect(answer).toMatchObject({ status: 201, text: 'Token abc' });
  expect(received).toBe('{"a":1}');
});

test('a redirect is an answer and is not followed', async () => {
  const { url, calls } = await serverThat((_request, response) => {
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const answer = await send(`${url}/start`);
  expect(answer).toMatchObject({ kind: 'answer', status: 302 });
  expect(answer.kind === 'answer' && answer.headers.get('location')).toBe('/elsewhere');
  expect(calls).toEqual(['GET /start']);
});

test('[I3] a connection that breaks before the answer is a reset, and is tried once only', async () => {
  const { url, calls } = await serverThat((request) => request.socket.destroy());
  expect(await send(url, { method: 'POST', body: 'x' })).toMatchObject({ reason: 'reset' });
  expect(calls).toHaveLength(1);
});

test('[I3] a body cut short is a reset, never half an answer', async () => {
  const { url } = await serverThat((request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half');
    setImmediate(() => request.socket.end());
  });
  expect(await send(url)).toMatchObject({ kind: 'no_answer', reason: 'reset' });
});

test('a chunked body that ends without its end is a reset', async () => {
  const { url } = await serverThat((request, response) => {
    response.write('half');
    setImmediate(() => request.socket.destroy());
  });
  expect(await send(url)).toMatchObject({ kind: 'no_answer', reason: 'reset' });
});

test('silence ends with the time-out, also in the middle of a body', async () => {
  for (const start of [() => undefined, (response: http.ServerResponse) => response.write('x')]) {
    const clock = new ManualClock();
    const arrived = Promise.withResolvers<void>();
    const { url } = await serverThat((_request, response) => {
      start(response);
      arrived.resolve();
    });
    const answer = send(url, { timeoutSeconds: 30, clock });
    await arrived.promise;
    await clock.advance(29_000);
    await clock.advance(2_000);
    expect(await answer).toMatchObject({ kind: 'no_answer', reason: 'timeout' });
  }
});

test('a caller who stops waiting is told so', async () => {
  const stop = new AbortController();
  const { url } = await serverThat(() => stop.abort());
  expect(await send(url, { signal: stop.signal })).toMatchObject({ reason: 'aborted' });
  expect(await send(url, { signal: AbortSignal.abort() })).toMatchObject({ reason: 'aborted' });
});

test('an answer past 20 MB is given up while it streams', async () => {
  const block = Buffer.alloc(1024 * 1024, 'x');
  let sent = 0;
  const { url } = await serverThat((_request, response) => {
    const more = () => {
      while (!response.destroyed && sent++ < 200) if (!response.write(block)) return;
      response.end();
    };
    response.on('drain', more);
    more();
  });
  expect(await send(url)).toMatchObject({ kind: 'no_answer', reason: 'too_large' });
  expect(sent).toBeLessThan(60);
});

test('nobody listening and a broken TLS are told apart', async () => {
  const server = net.createServer((socket) => socket.end('not tls\r\n').resume());
  const port = new URL(await listenOn(server)).port;
  expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({ reason: 'tls' });
  await new Promise((resolve) => server.close(resolve));
  expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ reason: 'refused' });
});

test.each([
  ['ENOTFOUND', 'name'],
  ['EAI_AGAIN', 'name'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['EHOSTUNREACH', 'other'],
])('the code %s deep in the causes means %s', async (code, reason) => {
  const cause = Object.assign(new Error('deep'), { code });
  const fetch = async () => {
    throw new TypeError('fetch failed', { cause: new Error('between', { cause }) });
  };
  const client = createHttpClient({ allowedOrigins: ['https://a.example'], userAgent: 'K', fetch });
  const answer = await client.send({ method: 'GET', url: 'https://a.example/', timeoutSeconds: 1 });
  expect(answer).toMatchObject({ kind: 'no_answer', reason });
});

test('an answer that is not HTTP is some other failure', async () => {
  const url = await listenOn(net.createServer((socket) => socket.end('hello\r\n\r\n').resume()));
  expect(await send(url)).toMatchObject({ kind: 'no_answer', reason: 'other' });
});

test('only allowed origins are called', async () => {
  const { url, calls } = await serverThat((_request, response) => response.end());
  const client = createHttpClient({ allowedOrigins: ['https://api.example'], userAgent: 'KiEX' });
  const wrong = [url, 'http://api.example/x', 'https://u:p@api.example/', 'nonsense'];
  for (const address of wrong) {
    const request = { method: 'GET', url: address, timeoutSeconds: 1 };
    expect(await client.send(request)).toMatchObject({ reason: 'not_allowed' });
  }
  expect(calls).toEqual([]);
});

test('[P5] details name the host and never the path, the query or a header', async () => {
  const { url } = await serverThat((request) => request.socket.destroy());
  const headers = { authorization: 'Token s3cret' };
  const answer = await send(`${url}/hooks/s3cret?key=s3cret`, { headers });
  expect(JSON.stringify(answer)).not.toContain('s3cret');
  expect(answer).toMatchObject({ detail: expect.stringContaining('127.0.0.1') });
});
