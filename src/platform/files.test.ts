import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFiles, type Files } from './files.ts';
import { systemRandom } from './random.ts';

let directory: string;
let files: Files;

beforeEach(async () => {
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'kiex-files-'));
  files = createFiles({ directory });
});
afterEach(() => fs.rm(directory, { recursive: true }));

test.each([0, 1, 100, 4_095, 70_000, 5_000_000])(
  'a file of %i bytes comes back whole',
  async (size) => {
    const bytes = systemRandom.bytes(size);
    await files.put('resumes/one', bytes);
    expect(Buffer.compare(await files.get('resumes/one'), bytes)).toBe(0);
  },
);

test('putting again replaces the file and leaves no drafts', async () => {
  await files.put('resumes/one', Buffer.from('first'));
  await Promise.all([
    files.put('resumes/one', Buffer.from('second')),
    files.put('resumes/one', Buffer.from('second')),
  ]);
  expect(Buffer.from(await files.get('resumes/one')).toString()).toBe('second');
  expect(await fs.readdir(path.join(directory, 'resumes'))).toEqual(['one']);
});

test('files are for the owner of the process only', async () => {
  await files.put('resumes/one', Buffer.from('text'));
  const { mode } = await fs.stat(path.join(directory, 'resumes/one'));
  expect(mode & 0o777).toBe(0o600);
});

test('a removed file is gone, and removing it again is no error', async () => {
  await files.put('resumes/one', Buffer.from('text'));
  await files.remove('resumes/one');
  await files.remove('resumes/one');
  expect(await files.exists('resumes/one')).toBe(false);
  await expect(files.get('resumes/one')).rejects.toThrow();
});

test('a key cannot leave the folder', async () => {
  await expect(files.put('../outside', Buffer.from('text'))).rejects.toThrow();
  await expect(files.get('../../etc/passwd')).rejects.toThrow();
});
