/** A resume on its way to a browser: saved, never shown, and nothing in it may run in our name. */
export function downloadOf(file: {
  bytes: Uint8Array;
  fileName: string;
  contentType: string;
}): Response {
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      'content-type': file.contentType,
      'content-disposition': attachment(file.fileName),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    },
  });
}

/** RFC 6266: a plain name for old programs and the real one for all others. */
function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}
