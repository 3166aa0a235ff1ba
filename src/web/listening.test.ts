import { createServer, type RequestListener, type Server } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock, systemClock } from '#src/platform/clock.ts';
import { StartProblem } from '#src/platform/startProblem.ts';
import { addressOf, closeServer, listen } from './listening.ts';

const host = '127.0.0.1';

async function start(answer: RequestListener, port = 0): Promise<Server> {
  const server = createServer(answer);
  await listen(server, { host, port });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

test('a taken port is told in words, with a port to try', async () => {
  const first = await start((_request, response) => response.end());
  const port = Number(new URL(addressOf(first)).port);
  const second = listen(createServer(), { host, port });
  await expect(second).rejects.toThrow(`Port ${port} is taken by another program.`);
  await expect(second).rejects.toBeInstanceOf(StartProblem);
  await expect(second).rejects.toMatchObject({
    remedy: `Stop that program, or choose another port, for example: PORT=${port + 1} npm start`,
  });
});

test('an address of another machine is told in words', async () => {
  await expect(listen(createServer(), { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
    remedy: expect.stringContaining('KIEX_HOST'),
  });
});

test('a request that is being answered is finished before the server closes', async () => {
  const arrived = Promise.withResolvers<() => void>();
  const server = await start((_request, response) => arrived.resolve(() => response.end('done')));
  const answer = fetch(addressOf(server));
  const finish = await arrived.promise;
  const closed = closeServer(server, systemClock);
  finish();
  expect(await (await answer).text()).toBe('done');
  await closed;
  expect(server.listening).toBe(false);
});

test('a request that never ends is cut off after three seconds', async () => {
  const clock = new ManualClock();
  const arrived = Promise.withResolvers<void>();
  const server = await start(() => arrived.resolve());
  const answer = fetch(addressOf(server)).catch((error: Error) => error.message);
  await arrived.promise;
  const closed = closeServer(server, clock);
  await clock.advance(3_000);
  await closed;
  expect(await answer).toBe('fetch failed');
});
