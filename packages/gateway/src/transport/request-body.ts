import type { IncomingMessage } from 'node:http';

/**
 * All of a request's body. `too large`: it is longer than `maxBytes`; the rest is left unread,
 * and there is still a connection to answer on. `broken off`: there is none any more.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | 'too large' | 'broken off'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'too large';
  const chunks: Buffer[] = [];
  let byteLength = 0;
  const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of body) {
      byteLength += chunk.length;
      if (byteLength > maxBytes) return 'too large';
      chunks.push(chunk);
    }
  } catch {
    // Reading fails with the connection, never otherwise.
    return 'broken off';
  }
  return Buffer.concat(chunks, byteLength);
}
