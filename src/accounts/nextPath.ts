const DETOURS = ['/sign-in', '/sign-up', '/sign-out'];

/**
 * Where to go after signing in, if `next` names a page of this site; null otherwise.
 *
 * An address that leads off the site would let a stranger's link borrow our sign-in page.
 */
export function sameSitePath(next: unknown): string | null {
  // Browsers read a backslash as a slash and drop tabs and line ends, so '/\\evil' leaves the site.
  if (typeof next !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next)) return null;
  const base = 'http://here.invalid';
  if (!URL.canParse(next, base)) return null;
  const url = new URL(next, base);
  // Dot segments can leave a path that begins with two slashes, which a browser reads as a host.
  if (url.origin !== base || url.pathname.startsWith('//')) return null;
  if (DETOURS.includes(url.pathname.toLowerCase())) return null;
  return url.pathname + url.search + url.hash;
}

/** The page that an address asks to go on to. */
export const nextOf = (request: Request) =>
  sameSitePath(new URL(request.url).searchParams.get('next'));

/** The same page with `next` carried along, when there is one. */
export function withNext(path: string, next: string | null): string {
  return next ? `${path}?next=${encodeURIComponent(next)}` : path;
}
