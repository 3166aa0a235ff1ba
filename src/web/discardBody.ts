/** Whoever sends more than this by mistake is cut off. */
const discardBytesMax = 64 * 1024 * 1024;

/**
 * Reads the rest of a body that is refused. A sender that is cut off while it sends sees a broken
 * connection instead of our answer.
 */
export async function discardBody(body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (!body || body.locked) return;
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > discardBytesMax) return;
  }
}
