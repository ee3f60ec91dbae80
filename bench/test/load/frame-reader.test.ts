import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../../src/load/frame-reader.ts';
import { textFrame } from '../../src/load/frames.ts';

interface Message {
  readonly kind: 'next' | 'other' | 'ping';
  readonly frames: Buffer;
}

const frame = (first: number, payload: Buffer): Buffer => {
  const bytes = textFrame(payload);
  bytes.writeUInt8(first, 0);
  return bytes;
};

/** The payload in several frames, of which the first is short enough to hide its type. */
const fragmented = (payload: Buffer, cut: number): Buffer =>
  Buffer.concat([
    frame(0x01, payload.subarray(0, cut)),
    frame(0x00, payload.subarray(cut, cut + 3)),
    frame(0x80, payload.subarray(cut + 3)),
  ]);

const body = fc.integer({ min: 0, max: 70_000 }).map((length) => 'x'.repeat(length));
const cut = fc.integer({ min: 0, max: 40 });

const delivery = fc
  .record({ body, cut: fc.option(cut), typeFirst: fc.boolean() })
  .map(({ body, cut, typeFirst }): Message => {
    const head = typeFirst ? '{"type":"next","id":"1"' : '{"id":"1","type":"next"';
    const payload = Buffer.from(`${head},"payload":"${body}"}`);
    return { kind: 'next', frames: cut === null ? textFrame(payload) : fragmented(payload, cut) };
  });

const other = fc
  .constantFrom('{"type":"connection_ack"}', '{"type":"ping","payload":{"cursor":"next"}}', '{}')
  .map((text): Message => ({ kind: 'other', frames: textFrame(Buffer.from(text)) }));

const ping = fc
  .uint8Array({ maxLength: 125 })
  .map((payload): Message => ({ kind: 'ping', frames: frame(0x89, Buffer.from(payload)) }));

test('counts deliveries, pings and other messages, in whatever pieces they come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(delivery, other, ping), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 40 }),
      (messages, sizes) => {
        const seen = { next: 0, other: 0, ping: 0 };
        const reader = new FrameReader({
          ping: () => (seen.ping += 1),
          other: () => (seen.other += 1),
          closed: () => expect.unreachable('nobody closes'),
        });
        const bytes = Buffer.concat(messages.map(({ frames }) => frames));
        for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
          const size = sizes[piece % sizes.length] ?? 1;
          seen.next += reader.read(Buffer.from(bytes.subarray(at, at + size)));
          at += size;
        }
        const count = (kind: Message['kind']) =>
          messages.filter((message) => message.kind === kind).length;
        expect(seen).toEqual({ next: count('next'), other: count('other'), ping: count('ping') });
      },
    ),
    { numRuns: 60 },
  );
});

test('a ping’s payload is told, for it to be answered', () => {
  const pings: string[] = [];
  const reader = new FrameReader({
    ping: (payload) => pings.push(payload.toString()),
    other: () => undefined,
    closed: () => undefined,
  });
  reader.read(frame(0x89, Buffer.from('still there?')));
  expect(pings).toEqual(['still there?']);
});

test('a closing server is told with its code', () => {
  const codes: (number | undefined)[] = [];
  const reader = new FrameReader({
    ping: () => undefined,
    other: () => undefined,
    closed: (code) => codes.push(code),
  });
  reader.read(frame(0x88, Buffer.from([0x03, 0xf4])));
  reader.read(frame(0x88, Buffer.alloc(0)));
  expect(codes).toEqual([1012, undefined]);
});
