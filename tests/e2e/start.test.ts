import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { databaseOf, makeDataDir } from '../kiex/dataFolder.ts';
import { makeInstallation, type Settings } from '../kiex/installation.ts';
import { freePort } from '../kiex/ports.ts';
import { cleanUp, run, start } from '../kiex/process.ts';

afterAll(cleanUp);

const ready = 'Ctrl-C';
const stack = /\n\s+at /;

const statusOf = async (url: string) => (await fetch(url)).status;

async function connectionsOf(settings: Settings) {
  const listed = await run(['connections', 'list', '--json'], settings);
  return listed.json<{ id: string; label: string; state: string }[]>();
}

test('npm start shows where to look and how to sign in; what ends it keeps all data', async () => {
  const { dataDir, settings, url } = await makeInstallation();
  const first = start(['start'], settings, 'npm');
  await first.says(ready);
  expect(first.said()).toContain(`http://localhost:${settings.PORT}`);
  expect(first.said()).toContain(`http://127.0.0.1:${settings.KIEX_SANDBOX_MANATAL_PORT}/admin/`);
  expect(first.said()).toContain('student@kiex.example  sandbox-student');
  expect(first.said()).toContain('employer@kiex.example  sandbox-employer');
  expect(first.said()).toContain('staff@kiex.example  sandbox-staff');
  expect(await statusOf(`${url}/jobs`)).toBe(200);
  expect(await statusOf(`http://127.0.0.1:${settings.KIEX_SANDBOX_MANATAL_PORT}/admin/`)).toBe(200);

  // In the middle of filling the sandbox. SIGTERM goes to npm alone, as from a container's keeper.
  const endedAt = Date.now();
  await first.end('SIGTERM');
  // The first reads of the sandbox last longer; they are broken off.
  expect(Date.now() - endedAt).toBeLessThan(8_000);
  expect(first.said()).toContain('Stopped. All data is kept.');
  expect(first.said()).not.toMatch(stack);
  expect(databaseOf(dataDir)).toBeNull();

  const second = start(['start'], settings);
  await second.says(ready);
  await expect
    .poll(() => connectionsOf(settings), { timeout: 40_000, interval: 500 })
    .toMatchObject([{ state: 'connected' }, { state: 'connected' }, { state: 'connected' }]);
  const made = await connectionsOf(settings);

  // Killed outright: the database outlives KiEX, and the next start takes it over and ends it.
  await second.end('SIGKILL');
  expect(databaseOf(dataDir)).not.toBeNull();
  const third = start(['start'], settings, 'npm');
  await third.says(ready);
  expect((await connectionsOf(settings)).map(({ id }) => id)).toEqual(made.map(({ id }) => id));
  expect(await third.end('SIGINT', 'group')).toBe(0);
  expect(third.said()).not.toMatch(stack);
  expect(third.said()).not.toContain('npm error');
  expect(databaseOf(dataDir)).toBeNull();
});

test('Ctrl-C during the start ends it, and a second one during the end ends at once', async () => {
  const { dataDir, settings } = await makeInstallation();
  const early = start(['start'], settings);
  await expect.poll(() => databaseOf(dataDir), { timeout: 20_000, interval: 20 }).not.toBeNull();
  expect(await early.end('SIGINT', 'group')).toBe(0);
  expect(early.said()).not.toContain(ready);
  expect(early.said()).not.toMatch(stack);
  expect(databaseOf(dataDir)).toBeNull();

  const impatient = start(['start'], settings);
  await impatient.says(ready);
  // A request that does not come to its end keeps the web server waiting for it.
  const socket = net.connect(Number(settings.PORT), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n');
  await sleep(200);
  impatient.signal('SIGINT', 'group');
  await sleep(700);
  const pressedAt = Date.now();
  impatient.signal('SIGINT', 'group');
  expect(await impatient.ended).toBe(130);
  expect(Date.now() - pressedAt).toBeLessThan(1_000);
});

test('two installations run side by side; the second finds free ports for its simulator', async () => {
  const [one, other] = [await makeInstallation(), await makeInstallation()];
  const shared = { ...other.settings, ...portsOf(one.settings) };
  const first = start(['start'], one.settings);
  await first.says(ready);
  const second = start(['start'], shared);
  await second.says(ready);
  expect(second.said()).toContain('its usual port is taken, so it chose a free one');
  const inspector = second.said().match(/http:\S+\/admin\//)![0];
  expect(inspector).not.toContain(`:${one.settings.KIEX_SANDBOX_MANATAL_PORT}/`);
  expect(await statusOf(inspector)).toBe(200);
  expect([await statusOf(one.url), await statusOf(other.url)]).toEqual([200, 200]);

  // A third process on the first one's data joins its simulators: two must not write one journal.
  const third = start(['start'], { ...one.settings, PORT: String(await freePort()) });
  await third.says(ready);
  expect(third.said()).toContain('it runs in another process');
  for (const each of [third, second, first]) {
    expect(await each.end('SIGINT', 'group')).toBe(0);
  }
  expect([databaseOf(one.dataDir), databaseOf(other.dataDir)]).toEqual([null, null]);
});

const portsOf = ({ KIEX_SANDBOX_MANATAL_PORT = '', KIEX_SANDBOX_MANAHOOK_PORT = '' }) => ({
  KIEX_SANDBOX_MANATAL_PORT,
  KIEX_SANDBOX_MANAHOOK_PORT,
});

// The next two wait more than they work.
test.concurrent('web and worker run apart on one data folder and end in any order', async () => {
  const { dataDir, settings, url } = await makeInstallation();
  const web = start(['web'], settings);
  const worker = start(['worker'], settings);
  await Promise.all([web.says(ready), worker.says(ready)]);
  expect(worker.said()).toContain('KiEX worker');
  expect(await statusOf(url)).toBe(200);
  expect(await web.end('SIGTERM')).toBe(0);
  expect(databaseOf(dataDir)).not.toBeNull();
  const again = start(['web'], settings);
  await again.says(ready);
  expect(await worker.end('SIGINT')).toBe(0);
  expect(await statusOf(url)).toBe(200);
  expect(await again.end('SIGINT')).toBe(0);
  expect(databaseOf(dataDir)).toBeNull();
  expect(web.said() + worker.said() + again.said()).not.toMatch(stack);
});

test.concurrent('what is in the way of a start is said, with what to do, and nothing is left running', async () => {
  const file = path.join(makeDataDir(), 'file');
  fs.writeFileSync(file, '');
  const taken = net.createServer();
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  const { port } = taken.address() as net.AddressInfo;
  const nobody = await freePort();

  const cases: [Settings, string[]][] = [
    [{ PORT: String(port) }, [`Port ${port} is taken`, `PORT=${port + 1} npm start`]],
    [{ KIEX_DATA_DIR: file }, [file, 'cannot be written', 'KIEX_DATA_DIR']],
    [{ KIEX_DATA_DIR: '/proc/kiex/data' }, ['cannot be written', 'KIEX_DATA_DIR']],
    [
      { DATABASE_URL: `postgres://kiex:hunter2@127.0.0.1:${nobody}/kiex` },
      [`127.0.0.1:${nobody} does not answer`, 'DATABASE_URL'],
    ],
    [
      { DATABASE_URL: 'postgres://kiex:hunter2@nowhere.invalid/kiex' },
      ['nowhere.invalid:5432 does not answer', 'DATABASE_URL'],
    ],
    [
      { PORT: '99999', KIEX_POLL_SECONDS: '1', KIEX_SANDBOX: 'perhaps' },
      ['PORT:', 'KIEX_POLL_SECONDS:', 'KIEX_SANDBOX:', 'Write on or off'],
    ],
  ];
  const places = await Promise.all(cases.map(([wrong]) => makeInstallation(wrong)));
  const answers = await Promise.all(places.map(({ settings }) => run(['start'], settings)));
  taken.close();
  for (const [index, { code, out, err }] of answers.entries()) {
    for (const words of cases[index]![1]) expect(err).toContain(words);
    expect(code).toBe(3);
    expect(out + err).not.toMatch(stack);
    expect(out + err).not.toContain('hunter2');
    expect(databaseOf(places[index]!.dataDir)).toBeNull();
  }
});
