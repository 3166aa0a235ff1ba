import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Core } from './core.ts';
import type { FileKind } from './links.ts';
import type { AccountRow, FileRow } from './rows.ts';

/** The file types the service takes, with the ending each gets. [D] */
const TYPES: Record<string, string> = {
  'application/pdf': 'pdf',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/rtf': 'rtf',
  'text/rtf': 'rtf',
};
const ENDINGS = new Set(Object.values(TYPES));

/** What became of each download; the service itself never tells. */
export interface DownloadNote {
  at: string;
  account: number;
  kind: FileKind;
  id: number;
  outcome: string;
}

/** Fetches given files later, and keeps what was fetched. */
export interface Files {
  /** Orders the download of a row that has a `sourceUrl`. */
  order(account: AccountRow, kind: FileKind, row: FileRow): void;
  /** Puts a file there without a download: for seeding. */
  keep(account: number, kind: FileKind, id: number, bytes: Uint8Array): void;
  read(account: number, kind: FileKind, id: number): Uint8Array | null;
  forget(account: number, kind: FileKind, id: number): void;
  notes(): readonly DownloadNote[];
}

/** Download notes kept in memory. */
const NOTES_KEPT = 500;

export function createFiles(core: Core): Files {
  const memory = new Map<string, Uint8Array>();
  const notes: DownloadNote[] = [];
  const keyOf = (account: number, kind: FileKind, id: number) => `${account}-${kind}-${id}`;

  const files: Files = {
    order(account, kind, row) {
      const due = row.downloadAt ? new Date(row.downloadAt).getTime() : 0;
      const wait = Math.max(0, due - core.clock.now().getTime());
      core.background.after(wait, () => download(account, kind, row.id));
    },
    keep(account, kind, id, bytes) {
      const key = keyOf(account, kind, id);
      if (!core.filesFolder) return void memory.set(key, bytes);
      mkdirSync(core.filesFolder, { recursive: true });
      writeFileSync(join(core.filesFolder, key), bytes, { mode: 0o600 });
    },
    read(account, kind, id) {
      const key = keyOf(account, kind, id);
      if (!core.filesFolder) return memory.get(key) ?? null;
      try {
        return readFileSync(join(core.filesFolder, key));
      } catch {
        return null;
      }
    },
    forget(account, kind, id) {
      const key = keyOf(account, kind, id);
      memory.delete(key);
      if (core.filesFolder) rmSync(join(core.filesFolder, key), { force: true });
    },
    notes: () => notes,
  };

  async function download(account: AccountRow, kind: FileKind, id: number): Promise<void> {
    const row = core.store.table(account.id, kind).get(id);
    if (!row?.sourceUrl) return;
    const sourceUrl = row.sourceUrl;
    const got = await fetchFile(core, sourceUrl);
    // The row may have been deleted or given another file while we waited for this one.
    const current = core.store.table(account.id, kind).get(id);
    if (current?.sourceUrl !== sourceUrl) return;
    note(account.id, kind, id, 'problem' in got ? got.problem : 'fetched');
    if ('problem' in got) return dropFile(account.id, kind, current);
    files.keep(account.id, kind, id, got.bytes);
    core.store.put(account.id, kind, {
      ...current,
      sourceUrl: null,
      downloadedAt: core.clock.now().toISOString(),
      contentType: got.contentType,
      extension: got.extension,
    });
  }

  /** Silently nothing: a new row vanishes, a replaced file stays the old one. [D] */
  function dropFile(account: number, kind: FileKind, row: FileRow): void {
    if (row.downloadedAt) core.store.put(account, kind, { ...row, sourceUrl: null });
    else core.store.remove(account, kind, row.id);
  }

  function note(account: number, kind: FileKind, id: number, outcome: string): void {
    notes.push({ at: core.clock.now().toISOString(), account, kind, id, outcome });
    if (notes.length > NOTES_KEPT) notes.shift();
  }

  for (const account of core.accounts())
    for (const kind of ['resumes', 'attachments'] as const)
      for (const row of core.store.table(account.id, kind).rows)
        if (row.sourceUrl) files.order(account, kind, row);

  return files;
}

type Fetched = { bytes: Uint8Array; contentType: string; extension: string } | { problem: string };

/** A file host that takes longer is given up on. [U→choice] */
const FETCH_SECONDS = 60;

async function fetchFile(core: Core, url: string): Promise<Fetched> {
  const giveUp = new AbortController();
  const fetched = new AbortController();
  void core.clock.sleep(FETCH_SECONDS * 1000, fetched.signal).then(() => giveUp.abort());
  try {
    const response = await core.outgoing(url, { redirect: 'manual', signal: giveUp.signal });
    if (response.status < 200 || response.status > 299) {
      await response.body?.cancel();
      return { problem: `answered ${response.status}` };
    }
    const type = typeOf(response.headers.get('content-type'), url);
    if (!type) {
      await response.body?.cancel();
      return { problem: 'wrong type' };
    }
    const bytesMax = core.switches().downloadMegabytes * 1024 * 1024;
    const bytes = await readAtMost(response, bytesMax);
    return bytes ? { bytes, ...type } : { problem: 'too big' };
  } catch (error) {
    return { problem: `not reachable: ${error instanceof Error ? error.name : 'unknown'}` };
  } finally {
    fetched.abort();
  }
}

/** The declared type decides; a host that declares none is judged by the ending of the address. */
function typeOf(declared: string | null, url: string) {
  const contentType = declared?.split(';')[0]?.trim().toLowerCase() ?? '';
  const extension = TYPES[contentType];
  if (extension) return { contentType, extension };
  if (contentType !== '' && contentType !== 'application/octet-stream') return null;
  const ending = new URL(url).pathname.split('.').at(-1)?.toLowerCase() ?? '';
  return ENDINGS.has(ending)
    ? { contentType: 'application/octet-stream', extension: ending }
    : null;
}

async function readAtMost(response: Response, bytesMax: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
