import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { embeddedFolder } from './embeddedFolder.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from './embeddedPostgres.ts';
import { runningServer, signalServer } from './embeddedProcess.ts';
import { StartProblem } from './startProblem.ts';

const log = pino({ level: 'silent' });
const folders: string[] = [];
const programs: ChildProcess[] = [];
const servers: EmbeddedPostgres[] = [];

afterEach(async () => {
  for (const program of programs.splice(0)) program.kill('SIGKILL');
  // One that a failed test left open would start its server again and again.
  for (const server of servers.splice(0)) await server.close();
  for (const folder of folders.splice(0)) {
    for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const pgdata = path.join(entry.parentPath, entry.name);
      if (entry.name === 'pgdata') signalServer(pgdata, 'SIGQUIT');
    }
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
});

function makeFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kiex-embedded-'));
  folders.push(folder);
  return folder;
}

async function open(dataDir: string): Promise<EmbeddedPostgres> {
  const server = await openEmbeddedPostgres({ dataDir, log, clock: systemClock });
  servers.push(server);
  return server;
}

async function query(server: { url: string }, text: string) {
  const client = new pg.Client(server.url);
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

/** Another KiEX process on the folder: says "open" when it is, and closes when told to. */
async function startProgram(dataDir: string) {
  const modules = new URL('.', import.meta.url).href;
  const script = `
    import { pino } from 'pino';
    import { systemClock } from '${modules}clock.ts';
    import { openEmbeddedPostgres } from '${modules}embeddedPostgres.ts';
    const dataDir = ${JSON.stringify(dataDir)};
    const server = await openEmbeddedPostgres({ dataDir, log: pino({ level: 'silent' }), clock: systemClock });
    process.stdout.write('open');
    process.stdin.once('data', async () => { await server.close(); process.exit(0); });`;
  const program = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  programs.push(program);
  await once(program.stdout, 'data');
  return {
    async close() {
      program.stdin.write('close');
      await once(program, 'exit');
    },
    async kill() {
      program.kill('SIGKILL');
      await once(program, 'exit');
    },
  };
}

test('what was written is there at the next start, and closing stops the server', async () => {
  const dataDir = makeFolder();
  const first = await open(dataDir);
  await query(first, 'create table kept as select 42 as answer');
  await first.close();
  expect(runningServer(first.folder.pgdata)).toBeNull();
  const second = await open(dataDir);
  expect(await query(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await second.close();
});

test('only the owner may open the socket, and nothing listens on the network', async () => {
  const server = await open(makeFolder());
  expect(fs.statSync(server.folder.run).mode & 0o777).toBe(0o700);
  expect(fs.statSync(server.folder.pgdata).mode & 0o777).toBe(0o700);
  expect(await query(server, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
  expect(await query(server, 'show data_checksums')).toEqual([{ data_checksums: 'on' }]);
  await server.close();
});

test('processes that start together share one server, and the last to leave stops it', async () => {
  const dataDir = makeFolder();
  const [mine, theirs] = await Promise.all([open(dataDir), startProgram(dataDir)]);
  const pid = runningServer(mine.folder.pgdata);
  expect(pid).not.toBeNull();
  await mine.close();
  expect(runningServer(mine.folder.pgdata)).toBe(pid);
  await theirs.close();
  expect(runningServer(mine.folder.pgdata)).toBeNull();
});

test('the server of a killed process is taken over, and stopped by who took it over', async () => {
  const dataDir = makeFolder();
  const theirs = await startProgram(dataDir);
  const pid = runningServer(embeddedFolder(dataDir).pgdata);
  await theirs.kill();
  const mine = await open(dataDir);
  expect(runningServer(mine.folder.pgdata)).toBe(pid);
  await mine.close();
  expect(runningServer(mine.folder.pgdata)).toBeNull();
});

test('coming while the last one leaves never fails', async () => {
  const dataDir = makeFolder();
  const comeAndGo = async () => {
    for (let round = 0; round < 8; round += 1) {
      const server = await open(dataDir);
      expect(await query(server, 'select 1 as here')).toEqual([{ here: 1 }]);
      await server.close();
    }
  };
  await Promise.all([comeAndGo(), comeAndGo(), comeAndGo()]);
  expect(runningServer(embeddedFolder(dataDir).pgdata)).toBeNull();
});

test('a server that is killed while we live is started again', async () => {
  const server = await open(makeFolder());
  await query(server, 'create table kept as select 42 as answer');
  const pid = runningServer(server.folder.pgdata)!;
  process.kill(pid, 'SIGKILL');
  let rows: unknown[] | null = null;
  for (let attempt = 0; attempt < 500 && !rows; attempt += 1) {
    rows = await query(server, 'select answer from kept').catch(() => null);
    if (!rows) await systemClock.sleep(20);
  }
  expect(rows).toEqual([{ answer: 42 }]);
  expect(runningServer(server.folder.pgdata)).not.toBe(pid);
  await server.close();
});

test('the note of a server from before a restart of the machine does not fool us', async () => {
  const dataDir = makeFolder();
  const server = await open(dataDir);
  const note = path.join(server.folder.pgdata, 'postmaster.pid');
  const words = fs.readFileSync(note, 'utf8').split('\n');
  await server.close();
  // The id now belongs to another program that lives.
  const stranger = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  programs.push(stranger);
  fs.writeFileSync(note, [stranger.pid, ...words.slice(1)].join('\n'));
  const again = await open(dataDir);
  expect(await query(again, 'select 1 as here')).toEqual([{ here: 1 }]);
  await again.close();
});

test('data half made by a process that died is thrown away', async () => {
  const dataDir = makeFolder();
  const idOfNobody = 4_194_305; // above the highest id Linux gives
  const halfMade = `${embeddedFolder(dataDir).pgdata}.init.${idOfNobody}.abc`;
  fs.mkdirSync(halfMade, { recursive: true });
  const server = await open(dataDir);
  expect(fs.existsSync(halfMade)).toBe(false);
  await server.close();
});

test('a folder whose name is too long for a socket works', async () => {
  const dataDir = path.join(makeFolder(), 'x'.repeat(100));
  const server = await open(dataDir);
  expect(await query(server, 'select 1 as here')).toEqual([{ here: 1 }]);
  await server.close();
  fs.rmSync(new URL(server.url).searchParams.get('host')!);
});

test('it works in a folder nobody else can enter, as root too, where another user runs it', async () => {
  const closed = makeFolder();
  fs.chmodSync(closed, 0o700);
  const server = await open(path.join(closed, 'data'));
  await query(server, 'create table kept as select 42 as answer');
  await query(server, 'checkpoint');
  expect(fs.statSync(closed).mode & 0o777).toBe(0o700);
  await server.close();
});

test('a data folder that cannot be made is said plainly, with what to do', async () => {
  const file = path.join(makeFolder(), 'a file');
  fs.writeFileSync(file, '');
  const problem = await open(path.join(file, 'data')).catch((error) => error);
  expect(problem).toBeInstanceOf(StartProblem);
  expect(problem.message).toContain('cannot be written');
  expect(problem.remedy).toContain('KIEX_DATA_DIR');
});

test('a server that cannot start says why', async () => {
  const dataDir = makeFolder();
  const server = await open(dataDir);
  await server.close();
  fs.writeFileSync(path.join(server.folder.pgdata, 'postgresql.conf'), 'no_such_setting = on\n');
  const problem = await open(dataDir).catch((error) => error);
  expect(problem).toBeInstanceOf(StartProblem);
  expect(problem.message).toContain('no_such_setting');
  expect(problem.remedy).toContain('postgres.log');
});
