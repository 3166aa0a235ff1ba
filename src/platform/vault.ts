import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { writeDurably } from './durableFile.ts';
import { type Random, systemRandom } from './random.ts';
import { StartProblem } from './startProblem.ts';

/** Seals credentials and raw webhook bodies before they are stored. [P3] [P5] */
export interface Vault {
  /** `boundTo` names the row and field; what is sealed for one place opens nowhere else. */
  seal(plain: string, boundTo: string): string;
  /** Throws when the text was changed, bound elsewhere, or sealed by a key we no longer have. */
  open(sealed: string, boundTo: string): string;
  /** Was this sealed by an older key than the newest? Then it should be sealed anew. */
  isStale(sealed: string): boolean;
}

const version = 'v1';
const keyBytes = 32;
const nonceBytes = 12;

/**
 * AES-256-GCM with a ring of keys.
 *
 * keys     newest first: the first one seals, all of them open.
 * Returns  texts `v1.<key id>.<nonce>.<cipher>.<tag>`, each part base64url.
 */
export function createVault({ keys, random }: { keys: Buffer[]; random: Random }): Vault {
  const ring = keys.map((key) => ({ id: keyIdOf(key), key }));
  const newest = ring[0];
  if (!newest) throw new Error('The vault needs at least one key.');

  return {
    seal(plain, boundTo) {
      const nonce = random.bytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', newest.key, nonce);
      cipher.setAAD(Buffer.from(boundTo));
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const parts = [nonce, sealed, cipher.getAuthTag()].map(toText);
      return [version, newest.id, ...parts].join('.');
    },

    open(sealed, boundTo) {
      const [name, id, nonce, text, tag] = sealed.split('.');
      if (name !== version || !id || !nonce || text === undefined || !tag) {
        throw new Error('This is not a sealed text.');
      }
      const known = ring.find((candidate) => candidate.id === id);
      if (!known) throw new Error(`No key in the ring has the id ${id}; put the older key back.`);
      // A shorter tag would be accepted by default, and would be easier to forge.
      const decipher = createDecipheriv('aes-256-gcm', known.key, fromText(nonce), {
        authTagLength: 16,
      });
      decipher.setAAD(Buffer.from(boundTo));
      decipher.setAuthTag(fromText(tag));
      return Buffer.concat([decipher.update(fromText(text)), decipher.final()]).toString('utf8');
    },

    isStale: (sealed) => sealed.split('.')[1] !== newest.id,
  };
}

/** A key as written in the settings: base64 of 32 bytes. Null when it is anything else. */
export function readKey(text: string): Buffer | null {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return null;
  const key = Buffer.from(text, 'base64');
  return key.length === keyBytes ? key : null;
}

/**
 * The key ring: from the settings, else from `secret.key` in the data folder, which is made once.
 *
 * secretKeys  base64 texts, newest first; empty when the setting is unset.
 * Fails       StartProblem when a key is malformed or the key file can be read by others.
 */
export async function loadKeys(options: {
  secretKeys: string[];
  dataDir: string;
  random?: Random;
}): Promise<Buffer[]> {
  if (options.secretKeys.length > 0) return options.secretKeys.map(keyFrom('KIEX_SECRET_KEYS'));
  const file = path.join(options.dataDir, 'secret.key');
  await fs.mkdir(options.dataDir, { recursive: true });
  const fresh = Buffer.from((options.random ?? systemRandom).bytes(keyBytes));
  if (!(await exists(file))) {
    const contents = `${fresh.toString('base64')}\n`;
    // Of two processes that start at once, one writes and both go on with the same key.
    await writeDurably({ file, contents, onTaken: 'keep' });
  }
  await refuseIfShared(file);
  return [keyFrom(file)((await fs.readFile(file, 'utf8')).trim())];
}

const keyFrom = (source: string) => (text: string) => {
  const key = readKey(text);
  if (key) return key;
  throw new StartProblem(`A key in ${source} is not base64 of 32 bytes.`, {
    remedy: 'Put the right key back; what was sealed with it opens with no other.',
  });
};

async function refuseIfShared(file: string): Promise<void> {
  // Windows has no such bits.
  if (process.platform === 'win32') return;
  const { mode } = await fs.stat(file);
  if ((mode & 0o077) !== 0) {
    throw new StartProblem(`Other accounts of this machine can read ${file}.`, {
      remedy: `Run: chmod 600 ${file}`,
    });
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await fs.access(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

const keyIdOf = (key: Buffer) => toText(createHash('sha256').update(key).digest().subarray(0, 6));
const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const fromText = (text: string) => Buffer.from(text, 'base64url');
