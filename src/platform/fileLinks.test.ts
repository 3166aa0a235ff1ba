import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from './clock.ts';
import { createFileLinks, type FileLinks } from './fileLinks.ts';
import { createFiles, type Files } from './files.ts';
import { systemRandom } from './random.ts';
import { fileLinks } from './tables.ts';
import { createTestDatabase, type TestDatabase } from './testDatabase.ts';

let directory: string;
let database: TestDatabase;
let clock: ManualClock;
let files: Files;
let links: FileLinks;

beforeEach(async () => {
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'kiex-links-'));
  database = await createTestDatabase();
  clock = new ManualClock();
  files = createFiles({ directory });
  links = createFileLinks({ db: database.db, clock, random: systemRandom, files });
  await files.put('resumes/one', Buffer.from('%PDF-1.7'));
});

afterEach(async () => {
  await database.drop();
  await fs.rm(directory, { recursive: true });
});

const resume = {
  storageKey: 'resumes/one',
  fileName: 'Résumé.pdf',
  contentType: 'application/pdf',
  purpose: 'manatal resume',
  hours: 24,
};

const storedLinks = () => database.db.select().from(fileLinks);

test('a link opens its file for as long as it was made for, and not a moment longer', async () => {
  const token = await links.create(resume);
  await clock.advance(24 * 3_600_000 - 1);
  expect(await links.open(token)).toEqual({
    bytes: new Uint8Array(Buffer.from('%PDF-1.7')),
    fileName: 'Résumé.pdf',
    contentType: 'application/pdf',
  });
  await clock.advance(1);
  expect(await links.open(token)).toBeNull();
});

test('[P5] the table alone opens nothing: only a hash of the secret is stored', async () => {
  const token = await links.create(resume);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  const [stored] = await storedLinks();
  expect(JSON.stringify(stored)).not.toContain(token);
  expect(await links.open(stored!.tokenHash)).toBeNull();
});

test('the first fetch is remembered; a look is not a fetch', async () => {
  const token = await links.create(resume);
  expect(await links.look(token)).not.toBeNull();
  expect((await storedLinks())[0]?.fetchedAt).toBeNull();
  await clock.advance(60_000);
  const first = clock.now();
  await links.open(token);
  await clock.advance(60_000);
  await links.open(token);
  expect((await storedLinks())[0]?.fetchedAt).toEqual(first);
});

test('a wrong secret opens nothing, and an erased file is gone at once', async () => {
  const token = await links.create(resume);
  expect(await links.open('guess')).toBeNull();
  await files.remove('resumes/one');
  expect(await links.open(token)).toBeNull();
});
