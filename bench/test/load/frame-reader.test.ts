import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../../src/load/frame-reader.ts';

/** A whole frame as a server writes it. */
function frame(first: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  const header = Buffer.alloc(length < 2 ** 16 ? 4 : 10);
  header.set([first, header.length === 4 ? 126 : 127]);
  header.writeUIntBE(length, header.length === 4 ? 2 : 4, header.length === 4 ? 2 : 6);
  return Buffer.concat([header, payload]);
}

interface Message {
  /** Opcode and payload; undefined for a delivery. */
  readonly other: string | undefined;
  readonly bytes: Buffer;
}

const delivery = fc
  .record({ length: fc.integer({ min: 0, max: 70_000 }), typeFirst: fc.boolean() })
  .map(({ length, typeFirst }): Message => {
    const head = typeFirst ? '{"type":"next","id":"1"' : '{"id":"1","type":"next"';
    const payload = Buffer.from(`${head},"payload":"${'x'.repeat(length)}"}`);
    return { other: undefined, bytes: frame(0x81, payload) };
  });

const others = fc
  .record({
    // Of messages, of control frames, and of a fragment.
    first: fc.constantFrom(0x81, 0x88, 0x89, 0x01),
    payload: fc.constantFrom('{"type":"connection_ack"}', '{"cursor":"next"}', ''),
  })
  .map(
    ({ first, payload }): Message => ({
      other: `${first ^ 0x80} ${payload}`,
      bytes: frame(first, Buffer.from(payload)),
    }),
  );

test('counts deliveries and tells of other frames, in whatever pieces they come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(delivery, others), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 40 }),
      (messages, sizes) => {
        const told: string[] = [];
        const reader = new FrameReader((opcode, payload) => told.push(`${opcode} ${payload}`));
        const bytes = Buffer.concat(messages.map((message) => message.bytes));
        let deliveries = 0;
        for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
          const size = sizes[piece % sizes.length] ?? 1;
          deliveries += reader.read(Buffer.from(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(told).toEqual(messages.flatMap(({ other }) => other ?? []));
        expect(deliveries).toBe(messages.length - told.length);
      },
    ),
    { numRuns: 60 },
  );
});
