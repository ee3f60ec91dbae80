import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IncomingFrames } from '../../src/transport/incoming-frames.ts';

interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly length: number;
}

const CONTINUATION = 0x0;
const TEXT = 0x1;
const BINARY = 0x2;
const CONTROL = [0x8, 0x9, 0xa];

const MASK = Buffer.from('beef', 'latin1');

/** As a client sends it (RFC 6455, section 5.2). */
function encode({ opcode, isFinal, length }: Frame): Buffer {
  const first = (isFinal ? 0x80 : 0) | opcode;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = first;
  if (length < 126) {
    header[1] = 0x80 | length;
  } else if (length < 65_536) {
    header[1] = 0x80 | 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 0x80 | 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  // A payload that looks like headers.
  return Buffer.concat([header, MASK, Buffer.alloc(length, 0x81)]);
}

const lengths = fc.oneof(
  fc.integer({ min: 0, max: 130 }),
  fc.integer({ min: 65_530, max: 65_540 }),
);
const controls = fc.array(
  fc.record({
    opcode: fc.constantFrom(...CONTROL),
    isFinal: fc.constant(true),
    length: fc.integer({ min: 0, max: 125 }),
  }),
  { maxLength: 2 },
);

/** The frames of one message, with control frames before each. */
const messages = fc
  .tuple(
    fc.constantFrom(TEXT, BINARY),
    fc.array(fc.tuple(controls, lengths), { minLength: 1, maxLength: 4 }),
  )
  .map(([opcode, fragments]) =>
    fragments.flatMap(([before, length], index): Frame[] => [
      ...before,
      {
        opcode: index === 0 ? opcode : CONTINUATION,
        isFinal: index === fragments.length - 1,
        length,
      },
    ]),
  );

/** The offsets behind which a message begins, and those at which none is unfinished. */
function boundariesOf(frames: readonly Frame[]): { begins: Set<number>; ends: Set<number> } {
  const begins = new Set<number>();
  const ends = new Set([0]);
  let offset = 0;
  let isInMessage = false;
  for (const frame of frames) {
    if (!isInMessage) begins.add(offset);
    offset += encode(frame).length;
    if (!CONTROL.includes(frame.opcode)) isInMessage = !frame.isFinal;
    if (!isInMessage) ends.add(offset);
  }
  return { begins, ends };
}

it('tells whether a message is unfinished, and whether it has just begun', () =>
  fc.assert(
    fc.property(
      fc.array(messages, { minLength: 1, maxLength: 4 }),
      fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70_000 })), {
        minLength: 1,
      }),
      (sent, sizes) => {
        const frames = sent.flat();
        const bytes = Buffer.concat(frames.map(encode));
        const { begins, ends } = boundariesOf(frames);
        const incoming = new IncomingFrames();
        for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
          // Small pieces of 64 KiB would take long.
          const size = Math.max(sizes[piece % sizes.length] ?? 1, piece > 200 ? 10_000 : 1);
          const end = Math.min(at + size, bytes.length);
          const hasBegun = [...begins].some((begin) => begin >= at && begin < end);
          const unfinished = hasBegun ? 'begun' : 'unfinished';
          expect(incoming.read(bytes.subarray(at, end))).toBe(
            ends.has(end) ? 'finished' : unfinished,
          );
          at = end;
        }
      },
    ),
  ));
