import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linesOf } from '../../../src/privacy/erasure/lines.ts';

/** The bytes, a part at a time. */
function* parts(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The lines of a text that comes so many bytes at a time. */
function lines(text: string, size: number, maxBytes?: number): Promise<string[]> {
  const stream = Readable.from(parts(Buffer.from(text), size), { objectMode: false });
  return Readable.from(linesOf(stream, maxBytes)).toArray();
}

it('lines are what was said, whatever is in them and wherever their bytes are cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('\u2028', '\u2029', '\r', '\n', '"', 'é', '😀') });
  await fc.assert(
    fc.asyncProperty(fc.array(text), fc.integer({ min: 1, max: 7 }), async (values, size) => {
      const said = values.map((value) => JSON.stringify(value));
      expect(await lines(said.map((each) => `${each}\n`).join(''), size)).toEqual(said);
    }),
  );
});

it('what has no end yet is no line', async () => {
  expect(await lines('one\ntwo', 3)).toEqual(['one']);
});

it.each(['twelve bytes\n', 'twelve bytes'])(
  'a line that is longer than it may be is refused, ended or not',
  async (text) => {
    await expect(lines(text, 5, 11)).rejects.toThrow(RangeError);
    expect(await lines(`${text.trim()}\n`, 5, 12)).toHaveLength(1);
  },
);
