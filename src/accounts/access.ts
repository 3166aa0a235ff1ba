import type { Role, Viewer } from './viewer.ts';

export type Access =
  | { kind: 'allowed' }
  /** Nobody is signed in and the page is for someone: ask them to sign in, then lead them back. */
  | { kind: 'sign_in' }
  /** Signed in, but the page is not for them. */
  | { kind: 'forbidden' }
  /** No row: nothing here is shown to anyone. */
  | { kind: 'unknown' };

type Audience = 'public' | readonly Role[];

const STUDENTS: Audience = ['student'];
const EMPLOYERS: Audience = ['employer'];
const STAFF: Audience = ['staff', 'admin'];

/**
 * Who may open what: the one table of it. A path without a row is shown to nobody.
 *
 * ':name' stands for one part of a path, '*' for all that follow.
 */
export const ACCESS: readonly (readonly [pattern: string, audience: Audience])[] = [
  ['/', 'public'],
  ['/jobs', 'public'],
  ['/jobs/:slug', 'public'],
  ['/employers/:slug', 'public'],
  ['/sign-up', 'public'],
  ['/sign-in', 'public'],
  ['/sign-out', 'public'],
  ['/set-password', 'public'],
  ['/theme', 'public'],

  ['/jobs/:slug/apply', STUDENTS],
  ['/dashboard', STUDENTS],
  ['/profile', STUDENTS],
  ['/profile/:kind/:id', STUDENTS],
  ['/sharing', STUDENTS],
  ['/resumes/:id', STUDENTS],

  ['/employer', EMPLOYERS],
  ['/employer/*', EMPLOYERS],

  ['/staff', STAFF],
  ['/staff/*', STAFF],
];

/**
 * What `viewer` may do with the page at `pathname`. Decided before any page code runs.
 *
 * pathname  as in a URL, still encoded; React Router's own '.data' addresses are read as the page.
 */
export function decideAccess(pathname: string, viewer: Pick<Viewer, 'role'> | null): Access {
  const audience = audienceOf(pathname);
  if (audience === null) return { kind: 'unknown' };
  if (audience === 'public') return { kind: 'allowed' };
  if (viewer === null) return { kind: 'sign_in' };
  return { kind: audience.includes(viewer.role) ? 'allowed' : 'forbidden' };
}

function audienceOf(pathname: string): Audience | null {
  const parts = partsOf(pathname);
  if (parts === null) return null;
  for (const [pattern, audience] of ROWS) {
    if (matches(pattern, parts)) return audience;
  }
  return null;
}

const ROWS = ACCESS.map(([pattern, audience]) => [partsOf(pattern) ?? [], audience] as const);

/**
 * The parts of a path as React Router would read them: decoded, in any case, a trailing slash or
 * not. Null for what it would read in more than one way.
 */
function partsOf(pathname: string): string[] | null {
  const page = pathname.replace(/(^\/_root|\/_|)\.data$/, '').replace(/\/$/, '');
  if (page === '') return [];
  const parts = page.slice(1).split('/');
  const decoded: string[] = [];
  for (const part of parts) {
    const plain = decode(part);
    if (plain === null || plain === '' || /[/\\\p{Cc}]/u.test(plain)) return null;
    decoded.push(plain.toLowerCase());
  }
  return decoded;
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not a valid encoding: no page has such an address.
    return null;
  }
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  for (const [at, wanted] of pattern.entries()) {
    if (wanted === '*') return parts.length > at;
    const part = parts[at];
    if (part === undefined || (!wanted.startsWith(':') && wanted !== part)) return false;
  }
  return parts.length === pattern.length;
}
