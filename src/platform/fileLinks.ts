import { createHash } from 'node:crypto';
import { and, eq, gt, sql } from 'drizzle-orm';
import type { Clock } from './clock.ts';
import type { Db } from './database.ts';
import type { Files } from './files.ts';
import { type Random, secretToken } from './random.ts';
import { fileLinks } from './tables.ts';

export interface NewFileLink {
  storageKey: string;
  fileName: string;
  contentType: string;
  /** Who the link is for and why, such as 'manatal resume'; for the audit. */
  purpose: string;
  hours: number;
}

export interface LinkedFile {
  bytes: Uint8Array;
  fileName: string;
  contentType: string;
}

/** Secret addresses that let an outside system fetch one file for a while. */
export interface FileLinks {
  /** Returns the secret for the address; only its SHA-256 is stored. */
  create(link: NewFileLink): Promise<string>;
  /** Null when unknown, expired, or the file was erased. Remembers the first fetch. */
  open(token: string): Promise<LinkedFile | null>;
  /** The same without counting as a fetch. */
  look(token: string): Promise<LinkedFile | null>;
}

const tokenBytes = 32;
const hourMilliseconds = 3_600_000;

export function createFileLinks(options: {
  db: Db;
  clock: Clock;
  random: Random;
  files: Files;
}): FileLinks {
  const { db, clock, random, files } = options;

  const valid = (token: string, now: Date) =>
    and(eq(fileLinks.tokenHash, hashOf(token)), gt(fileLinks.expiresAt, now));

  async function read(link: typeof fileLinks.$inferSelect | undefined): Promise<LinkedFile | null> {
    // The file can be gone before its link: an erasure does not wait for the hours to pass.
    if (!link || !(await files.exists(link.storageKey))) return null;
    const bytes = await files.get(link.storageKey);
    return { bytes, fileName: link.fileName, contentType: link.contentType };
  }

  return {
    async create({ hours, ...link }) {
      const token = secretToken(random, tokenBytes);
      const createdAt = clock.now();
      const expiresAt = new Date(createdAt.getTime() + hours * hourMilliseconds);
      await db.insert(fileLinks).values({
        ...link,
        tokenHash: hashOf(token),
        createdAt,
        expiresAt,
      });
      return token;
    },

    async look(token) {
      const [link] = await db.select().from(fileLinks).where(valid(token, clock.now()));
      return read(link);
    },

    async open(token) {
      const now = clock.now();
      const fetchedAt = sql`coalesce(${fileLinks.fetchedAt}, ${now.toISOString()}::timestamptz)`;
      const [link] = await db
        .update(fileLinks)
        .set({ fetchedAt })
        .where(valid(token, now))
        .returning();
      return read(link);
    },
  };
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
