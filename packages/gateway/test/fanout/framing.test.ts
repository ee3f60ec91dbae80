import { describe, expect, it } from 'vitest';
import { Framer, type Framing, type Message } from '../../src/fanout/framing.ts';
import { Outbox } from '../../src/fanout/outbox.ts';
import { SharedTimeout } from '../../src/shared-timeout.ts';
import { SocketPair } from '../support/socket-pair.ts';

const NO_HEADERS: Framing = { headerLength: () => 0, writeHeader: () => {} };
const NOTHING = Buffer.alloc(0);

function message(text: string): Message {
  const part = Buffer.from(text);
  return { before: NOTHING, parts: [part], after: NOTHING, byteLength: part.length };
}

const framed = (framer: Framer, text: string): Buffer => {
  const [piece = NOTHING] = framer.frame([message(text)]);
  return piece;
};

describe('the memory of frames', () => {
  it('is the same for one write after the other', () => {
    const framer = new Framer(NO_HEADERS);
    framed(framer, 'one');
    framer.reclaim();
    const two = framed(framer, 'two');
    framer.reclaim();
    const three = framed(framer, 'three');
    expect(three.buffer).toBe(two.buffer);
    expect(String(three)).toBe('three');
  });

  it('is left to a write that was not through at once', () => {
    const framer = new Framer(NO_HEADERS);
    framer.reclaim();
    const stuck = framed(framer, 'stuck');
    const next = framed(framer, 'next');
    framer.reclaim();
    const after = framed(framer, 'after');
    expect([stuck, next, after].map(String)).toEqual(['stuck', 'next', 'after']);
    expect(after.buffer).not.toBe(stuck.buffer);
  });

  it('holds nothing that is larger than it', () => {
    const framer = new Framer(NO_HEADERS);
    framer.reclaim();
    const many = Array.from({ length: 10 }, (_, index) => message(`${index}`.repeat(10_000)));
    const [piece = NOTHING] = framer.frame(many);
    expect(piece.length).toBe(100_000);
    expect(String(piece)).toBe(many.map(({ parts }) => String(parts[0])).join(''));
  });

  it('never changes under a client that reads late', async () => {
    await using late = await SocketPair.open();
    await using prompt = await SocketPair.open();
    const stalls = new SharedTimeout<Outbox>(30_000, () => {});
    const settings = {
      framer: new Framer(NO_HEADERS),
      budget: { softBytes: 2 ** 20, hardBytes: 2 ** 22 },
      stalls,
    };
    const outboxOf = ({ ours: stream }: SocketPair) =>
      new Outbox({ stream, isOpen: true, stalled: () => {} }, settings);
    const [lateOutbox, promptOutbox] = [outboxOf(late), outboxOf(prompt)];
    void promptOutbox.text('.');
    const filled = await late.fill();
    const texts = Array.from({ length: 50 }, (_, index) => `message ${index};`);
    for (const text of texts) {
      void lateOutbox.text(text);
      void promptOutbox.text(text.toUpperCase());
    }
    late.theirs.resume();
    const all = texts.join('');
    await Promise.all([late.until(filled + all.length), prompt.until(1 + all.length)]);
    expect(String(late.received.subarray(filled))).toBe(all);
    expect(String(prompt.received)).toBe(`.${all.toUpperCase()}`);
    stalls[Symbol.dispose]();
  });
});
