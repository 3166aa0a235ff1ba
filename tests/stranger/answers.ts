/** One request, as far as its answer depends on it. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export interface Answer {
  status: number;
  text: string;
  headers: Record<string, string>;
}

export const json = (status: number, body: unknown): Answer => ({
  status,
  text: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

/** What something in front of the API says when the API does not. */
export const proxyPage = (status: number): Answer => ({
  status,
  text: `<!doctype html><html><h1>${status}</h1><p>cloudflare</p></html>`,
  headers: { 'content-type': 'text/html' },
});

/** No `Retry-After`, ever; sometimes not even their words. */
export function throttled(html: boolean): Answer {
  if (html) return proxyPage(429);
  return json(429, { detail: 'Request was throttled. Expected available in 3 seconds.' });
}
