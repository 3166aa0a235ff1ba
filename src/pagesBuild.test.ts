import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { ensurePagesBuilt } from './pagesBuild.ts';
import { createLog } from './platform/log.ts';

const log = createLog({ level: 'silent', pretty: false });

let folder: string;
let builds: number;

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'kiex-build-'));
  onTestFinished(() => fs.rm(folder, { recursive: true }));
  await fs.mkdir(path.join(folder, 'src/jobs'), { recursive: true });
  await write('src/jobs/board.tsx', minutesAgo(10));
  await write('package-lock.json', minutesAgo(10));
  builds = 0;
});

const minutesAgo = (minutes: number) => Date.now() / 1000 - minutes * 60;

async function write(name: string, changedAt: number) {
  const file = path.join(folder, name);
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, name);
  await fs.utimes(file, changedAt, changedAt);
}

const build = async () => {
  builds++;
  await new Promise((resolve) => setImmediate(resolve));
  await write('build/server/index.js', Date.now() / 1000);
};

const ensure = () => ensurePagesBuilt({ log, folder, build });

test('missing pages are built once, and then left alone', async () => {
  await ensure();
  await ensure();
  expect(builds).toBe(1);
});

test.each(['src/jobs/board.tsx', 'package-lock.json', 'public/favicon.ico'])(
  'a change in %s makes the pages old',
  async (file) => {
    await write('build/server/index.js', minutesAgo(5));
    await ensure();
    expect(builds).toBe(0);
    await write(file, minutesAgo(1));
    await ensure();
    expect(builds).toBe(1);
  },
);

test('a change in a test does not', async () => {
  await write('build/server/index.js', minutesAgo(5));
  await write('src/jobs/board.test.ts', minutesAgo(1));
  await ensure();
  expect(builds).toBe(0);
});

test('of several processes at once one builds and the others wait for it', async () => {
  await Promise.all([ensure(), ensure(), ensure()]);
  expect(builds).toBe(1);
});

test('a lock left by a process that died does not hold anybody up', async () => {
  // No process has this id: it is past what Linux hands out.
  await write('.react-router/building', Date.now() / 1000);
  await fs.writeFile(path.join(folder, '.react-router/building'), '4194305');
  await ensure();
  expect(builds).toBe(1);
});

test('nor does one whose id belongs to somebody else by now', async () => {
  await fs.mkdir(path.join(folder, '.react-router'));
  const lock = path.join(folder, '.react-router/building');
  await fs.writeFile(lock, String(process.pid));
  await fs.utimes(lock, minutesAgo(10), minutesAgo(10));
  await ensure();
  expect(builds).toBe(1);
});

test('a build that fails is told, and frees the lock for the next try', async () => {
  const broken = async () => {
    throw new Error('no such file');
  };
  await expect(ensurePagesBuilt({ log, folder, build: broken })).rejects.toThrow('no such file');
  await ensure();
  expect(builds).toBe(1);
});
