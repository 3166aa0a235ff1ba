import fs from 'node:fs/promises';
import path from 'node:path';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import type { WriteOptions } from 'flydrive/types';
import { writeDurably } from './durableFile.ts';

/** Where uploaded files are kept. Keys look like `resumes/<uuid>`. */
export interface Files {
  /** After this returns the bytes survive a power cut. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  exists(key: string): Promise<boolean>;
  /** Throws when there is no such file. */
  get(key: string): Promise<Uint8Array>;
  /** No error when the file is gone already. */
  remove(key: string): Promise<void>;
}

/** Files in a folder of this machine; another flydrive driver (S3) can take its place. */
export function createFiles({ directory }: { directory: string }): Files {
  const disk = new Disk(new DurableFolder({ location: directory, visibility: 'private' }));
  return {
    put: (key, bytes) => disk.put(key, bytes),
    exists: (key) => disk.exists(key),
    get: async (key) => disk.getBytes(key),
    remove: (key) => disk.delete(key),
  };
}

// flydrive writes in place and without fsync: a crash would leave half a resume under its name.
class DurableFolder extends FSDriver {
  #root: string;

  constructor(options: { location: string; visibility: 'private' }) {
    super(options);
    this.#root = options.location;
  }

  // flydrive hands out the memory pool an empty file's buffer stands in, with what else is there.
  override async getBytes(key: string) {
    const { buffer, byteOffset, byteLength } = await fs.readFile(path.join(this.#root, key));
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  override async put(key: string, contents: string | Uint8Array, _options?: WriteOptions) {
    const file = path.join(this.#root, key);
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeDurably({ file, contents, onTaken: 'replace' });
  }
}
