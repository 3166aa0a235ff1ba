import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom, systemRandom } from './random.ts';
import { createVault, loadKeys, readKey } from './vault.ts';

const newKey = () => Buffer.from(systemRandom.bytes(32));
const vaultOf = (...keys: Buffer[]) => createVault({ keys, random: systemRandom });

test('what is sealed opens again, for any text and place', () => {
  const vault = vaultOf(newKey());
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, place) => {
      expect(vault.open(vault.seal(plain, place), place)).toBe(plain);
    }),
  );
});

test('a sealed text opens nowhere but where it belongs', () => {
  const vault = vaultOf(newKey());
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (plain, place, other) => {
      fc.pre(place !== other);
      const sealed = vault.seal(plain, place);
      expect(() => vault.open(sealed, other)).toThrow();
    }),
  );
});

test('a changed character anywhere makes it unreadable', () => {
  const vault = vaultOf(newKey());
  const sealed = vault.seal('a key of a provider', 'connections/1/key');
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), (at) => {
      const bytes = sealed.split('');
      // Both differ in their highest bit, so that no base64 padding bit hides the change.
      bytes[at] = bytes[at] === 'A' ? 'g' : 'A';
      expect(() => vault.open(bytes.join(''), 'connections/1/key')).toThrow();
    }),
  );
});

test('the same text is sealed differently each time and shows nothing of itself', () => {
  const vault = vaultOf(newKey());
  const sealed = vault.seal('open sesame', 'place');
  expect(vault.seal('open sesame', 'place')).not.toBe(sealed);
  expect(sealed).toMatch(/^v1(\.[\w-]+){4}$/);
  expect(sealed).not.toContain('sesame');
});

test('a shortened tag is refused', () => {
  const vault = vaultOf(newKey());
  const parts = vault.seal('text', 'place').split('.');
  parts[4] = parts[4]!.slice(0, 6);
  expect(() => vault.open(parts.join('.'), 'place')).toThrow();
});

test('after a rotation the older key still opens, and its texts are known as stale', () => {
  const [older, newer] = [newKey(), newKey()];
  const sealed = vaultOf(older).seal('secret', 'place');
  const rotated = vaultOf(newer, older);
  expect(rotated.open(sealed, 'place')).toBe('secret');
  expect(rotated.isStale(sealed)).toBe(true);
  expect(rotated.isStale(rotated.seal('secret', 'place'))).toBe(false);
  expect(() => vaultOf(newer).open(sealed, 'place')).toThrow(/put the older key back/);
});

test('without a setting a key is made once, for its owner only', async () => {
  const dataDir = await temporaryFolder();
  const keys = await loadKeys({ secretKeys: [], dataDir });
  expect(keys[0]).toHaveLength(32);
  expect(await loadKeys({ secretKeys: [], dataDir })).toEqual(keys);
  const { mode } = await fs.stat(path.join(dataDir, 'secret.key'));
  expect(mode & 0o777).toBe(0o600);
});

test('processes that start at once end with one key and leave no drafts', async () => {
  const dataDir = await temporaryFolder();
  const starts = Array.from({ length: 12 }, (_, seed) =>
    loadKeys({ secretKeys: [], dataDir, random: seededRandom(seed) }),
  );
  const keys = (await Promise.all(starts)).map(([key]) => key!.toString('hex'));
  expect(new Set(keys).size).toBe(1);
  expect(await fs.readdir(dataDir)).toEqual(['secret.key']);
});

test('a key file that others can read is refused with the command that mends it', async () => {
  const dataDir = await temporaryFolder();
  await loadKeys({ secretKeys: [], dataDir });
  await fs.chmod(path.join(dataDir, 'secret.key'), 0o644);
  await expect(loadKeys({ secretKeys: [], dataDir })).rejects.toMatchObject({
    remedy: expect.stringContaining('chmod 600'),
  });
});

test('keys of the settings are taken in their order, and a malformed one is refused', async () => {
  const [first, second] = [newKey(), newKey()];
  const secretKeys = [first, second].map((key) => key.toString('base64'));
  expect(await loadKeys({ secretKeys, dataDir: '/nowhere' })).toEqual([first, second]);
  await expect(loadKeys({ secretKeys: ['c2hvcnQ='], dataDir: '/nowhere' })).rejects.toThrow(
    /base64 of 32 bytes/,
  );
  expect(readKey(`${'A'.repeat(43)}!`)).toBeNull();
});

async function temporaryFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'kiex-vault-'));
  onTestFinished(() => fs.rm(folder, { recursive: true }));
  return folder;
}
