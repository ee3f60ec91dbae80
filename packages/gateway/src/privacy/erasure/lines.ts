import type { Readable } from 'node:stream';

/**
 * What is said, line by line; what has no end yet is none. Lines end at `\n` alone: `readline`
 * takes U+2028 and U+2029 for ends too, and JSON leaves these as they are. Whoever stops
 * listening leaves the stream open.
 *
 * @param maxBytes Of a line, also of one that has no end yet.
 * @throws {RangeError} when a line is longer; what the stream fails of.
 */
export async function* linesOf(stream: Readable, maxBytes = Infinity): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    const lines = (rest + String(chunk)).split('\n');
    if (lines.some((line) => Buffer.byteLength(line) > maxBytes)) {
      throw new RangeError(`a line is longer than ${maxBytes} bytes`);
    }
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
