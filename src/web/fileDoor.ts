import type { Context } from 'hono';
import type { FileLinks } from '#src/platform/fileLinks.ts';

/**
 * `/files/:token/:name`: how an outside system fetches one file, for a while. The name is for its
 * eyes only; the secret decides. No redirect and no cookie, since fetchers follow neither.
 */
export function fileDoor(links: FileLinks) {
  return async (c: Context): Promise<Response> => {
    const token = c.req.param('token') ?? '';
    const head = c.req.method === 'HEAD';
    const file = head ? await links.look(token) : await links.open(token);
    if (!file) return c.text('There is no such file, or its link has expired.', 404, hidden);
    const headers = {
      ...hidden,
      'content-type': file.contentType,
      'content-length': String(file.bytes.byteLength),
      'content-disposition': attachment(file.fileName),
      // Whatever a resume contains, a browser must not run it in our name.
      'content-security-policy': "default-src 'none'; sandbox",
    };
    return new Response(head ? null : new Uint8Array(file.bytes), { headers });
  };
}

const hidden = {
  'cache-control': 'private, no-store',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** A name in ASCII for old readers, and the real one in UTF-8. RFC 6266, RFC 5987. */
export function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
