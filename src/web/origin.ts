import type { IncomingMessage } from 'node:http';

/**
 * The request as the browser sent it: behind a proxy that adds TLS ours says http, and React Router
 * compares the form's origin with the request's. Only the configured origin is ever put in, so a
 * forged header cannot choose one.
 */
export function withPublicOrigin(request: Request, publicUrl: string | null): Request {
  if (!publicUrl) return request;
  const { origin, host } = new URL(publicUrl);
  const url = new URL(request.url);
  // Some proxies pass their own name for us as Host; then the form's origin still tells.
  const cameByPublicName = url.host === host || request.headers.get('origin') === origin;
  if (url.origin === origin || !cameByPublicName) return request;
  return new Request(origin + url.pathname + url.search, request);
}

/**
 * Was this sent by a page of another site? Browsers say where a form comes from; React Router asks
 * for pages, but not for addresses that only take a form.
 */
export function isFromElsewhere(request: Request): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  const origin = request.headers.get('origin');
  if (origin) return origin !== new URL(request.url).origin;
  const site = request.headers.get('sec-fetch-site');
  return site !== null && site !== 'same-origin' && site !== 'none';
}

/**
 * The address a request came from.
 *
 * proxies  how many proxies of ours stand in front: each adds one entry to X-Forwarded-For, and
 *          what stands before those entries may be invented.
 */
export function clientAddressOf(
  request: Request,
  incoming: Pick<IncomingMessage, 'socket'> | undefined,
  proxies: number,
): string {
  const peer = incoming?.socket.remoteAddress ?? 'unknown';
  const entries = (request.headers.get('x-forwarded-for') ?? '').split(',').map((a) => a.trim());
  const address = proxies > 0 ? entries.at(-proxies) || peer : peer;
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
