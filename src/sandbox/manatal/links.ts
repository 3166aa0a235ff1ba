import { createHash } from 'node:crypto';
import type { Core } from './core.ts';
import type { FileRow } from './rows.ts';

export type FileKind = 'resumes' | 'attachments';

/**
 * A signed link to a file: different on every read, dead after `linkSeconds`. [D][S]
 * The signature keeps nobody out of anything; it is there to change and to expire.
 */
export function signedLink(core: Core, account: number, kind: FileKind, row: FileRow): string {
  const path = `/files/${account}/${kind}/${row.id}.${row.extension}`;
  const expires = Math.floor(core.clock.now().getTime() / 1000) + core.switches().linkSeconds;
  const salt = core.random.integer(2 ** 32).toString(36);
  const signature = sign(path, expires, salt);
  return `${core.publicOrigin}${path}?Expires=${expires}&Key-Pair-Id=${salt}&Signature=${signature}`;
}

/** True when the link was made by us and its time is not over. */
export function linkHolds(core: Core, url: URL): boolean {
  const expires = Number(url.searchParams.get('Expires'));
  const salt = url.searchParams.get('Key-Pair-Id') ?? '';
  const isOurs = url.searchParams.get('Signature') === sign(url.pathname, expires, salt);
  return isOurs && expires * 1000 > core.clock.now().getTime();
}

function sign(path: string, expires: number, salt: string): string {
  const text = `manatal simulator ${path} ${expires} ${salt}`;
  return createHash('sha256').update(text).digest('base64url');
}
