import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Framer, type Framing } from '../../src/fanout/framing.ts';
import { Outbox, type OutboxBudget, type OutboxHost } from '../../src/fanout/outbox.ts';
import type { Payload } from '../../src/fanout/payload.ts';
import type { Position } from '../../src/journal/journal.ts';
import { SharedTimeout } from '../../src/shared-timeout.ts';
import { SocketPair } from '../support/socket-pair.ts';
import { until } from '../support/until.ts';

const NOTHING = Buffer.alloc(0);

/** What an event counts for beside its text, while it waits. */
const EVENT_OBJECT_BYTES = 128;

/** A header that says the length, in decimal. */
const FRAMING: Framing = {
  headerLength: (byteLength) => `${byteLength}:`.length,
  writeHeader: (target, at, byteLength) => void target.write(`${byteLength}:`, at),
};

const payload = (...texts: string[]): Payload => {
  const parts = texts.map((text) => Buffer.from(text));
  const byteLength = parts.reduce((sum, { length }) => sum + length, 0);
  return { parts, byteLength, hasPictures: parts.length > 1, position: 1 as Position };
};

/** How long a client may take nothing, in ms. */
const STALL_MS = 30_000;

/** A shared time-out may look a tenth of its time late. */
const STALL_IS_SEEN_MS = 1.1 * STALL_MS;

interface Options {
  readonly budget?: OutboxBudget;
}

class Given implements AsyncDisposable, OutboxHost {
  readonly pair: SocketPair;
  readonly outbox: Outbox;
  readonly stalls: SharedTimeout<Outbox>;
  isOpen = true;
  timesStalled = 0;

  static async open(options: Options = {}): Promise<Given> {
    return new Given(await SocketPair.open(), options);
  }

  private constructor(
    pair: SocketPair,
    { budget = { softBytes: 1_000, hardBytes: 10_000 } }: Options,
  ) {
    this.pair = pair;
    this.stalls = new SharedTimeout(STALL_MS, (outbox) => outbox.stalled());
    this.outbox = new Outbox(this, { framer: new Framer(FRAMING), budget, stalls: this.stalls });
  }

  get stream(): Socket {
    return this.pair.ours;
  }

  stalled(): void {
    this.timesStalled += 1;
  }

  event(...texts: string[]): void {
    this.outbox.event(NOTHING, payload(...texts), NOTHING);
  }

  /** What has come to the other end, once so much has. */
  async received(text: string): Promise<string> {
    await this.pair.until(Buffer.byteLength(text));
    return this.pair.received.toString();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stalls[Symbol.dispose]();
    await this.pair[Symbol.asyncDispose]();
  }
}

describe('an outbox', () => {
  // The time-out's own clock: a stall comes when a test says so, however slow the machine is.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends events and messages of the protocol in the order in which they came', async () => {
    await using given = await Given.open();
    given.event('one');
    given.event('two');
    const written = given.outbox.text('three');
    given.event('four');
    given.outbox.flush();
    await written;
    expect(await given.received('3:one3:two5:three4:four')).toBe('3:one3:two5:three4:four');
  });

  it('puts what the protocol says around an event, and counts it in the header', async () => {
    await using given = await Given.open();
    given.outbox.event(Buffer.from('<'), payload('a', 'b', 'c'), Buffer.from('>'));
    given.outbox.flush();
    expect(await given.received('5:<abc>')).toBe('5:<abc>');
  });

  it('takes back what still waits, tells that it is clear, and sends the rest in order', async () => {
    await using given = await Given.open({ budget: { softBytes: 200, hardBytes: 10_000 } });
    let timesClear = 0;
    given.outbox.onClear(() => (timesClear += 1));
    given.outbox.hold();
    const [kept, ended] = [Buffer.from('kept '), Buffer.from('ended ')];
    given.outbox.event(ended, payload('event'), NOTHING);
    given.outbox.event(kept, payload('event'), NOTHING);
    void given.outbox.message(ended, 'text', NOTHING);
    expect(given.outbox.level).toBe('soft');
    given.outbox.withdraw((before) => before === ended);
    expect(given.outbox.pending).toBe('10:kept event'.length + EVENT_OBJECT_BYTES);
    expect(given.outbox.level).toBe('clear');
    given.outbox.event(kept, payload('more'), NOTHING);
    given.outbox.resume();
    expect(await given.received('10:kept event9:kept more')).toBe('10:kept event9:kept more');
    expect(given.outbox.pending).toBe(0);
    expect(timesClear).toBe(1);
  });

  it('writes nothing before it is flushed, and then all of it in one write', async () => {
    await using given = await Given.open();
    for (let made = 0; made < 10; made += 1) given.event(`event ${made}`);
    expect(given.outbox.isUnflushed).toBe(true);
    expect(given.pair.writes).toEqual([]);
    given.outbox.flush();
    expect(given.outbox.isUnflushed).toBe(false);
    expect(given.pair.writes).toEqual(['7:event 0'.length * 10]);
    expect(given.outbox.pending).toBe(0);
  });

  it('writes large parts as they are, in one write with the small messages around them', async () => {
    await using given = await Given.open();
    const large = 'x'.repeat(50_000);
    const written: Buffer[] = [];
    const { write } = given.pair.ours;
    given.pair.ours.write = (chunk: Buffer, ...rest: never[]) => {
      written.push(chunk);
      return write.call(given.pair.ours, chunk, ...rest);
    };
    const picture = payload('{"face":"', large, '"}');
    given.event('before');
    given.outbox.event(Buffer.from('<'), picture, Buffer.from('>'));
    given.event('after');
    given.outbox.flush();
    expect(given.pair.writes).toHaveLength(1);
    for (const part of picture.parts) expect(written).toContain(part);
    const text = `6:before50013:<{"face":"${large}"}>5:after`;
    expect(await given.received(text)).toBe(text);
  });

  it('has a protocol’s message leave at once when nothing stands before it', async () => {
    await using given = await Given.open();
    await given.outbox.text('ack');
    expect(await given.received('3:ack')).toBe('3:ack');
  });

  it('hands the network 256 KiB at a time, and the rest as it is taken', async () => {
    await using given = await Given.open();
    await given.pair.fill();
    const message = 'x'.repeat(10_000);
    const text = `10000:${message}`.repeat(100);
    for (let made = 0; made < 100; made += 1) given.event(message);
    given.outbox.flush();
    const before = given.pair.ours.writableLength;
    given.outbox.flush();
    expect(given.pair.ours.writableLength).toBe(before);
    expect(before).toBeLessThan(256 * 1024 + 10_006 + 64 * 1024);
    expect(given.outbox.pending).toBeGreaterThanOrEqual(text.length);
    given.pair.theirs.resume();
    await until(() => given.outbox.pending === 0);
    for (const bytes of given.pair.writes) expect(bytes).toBeLessThan(256 * 1024 + 10_006);
    await until(() => given.pair.received.toString('latin1').endsWith(text));
  });

  it('resolves a message of the protocol only when the network has it', async () => {
    await using given = await Given.open();
    await given.pair.fill();
    let isWritten = false;
    const written = given.outbox.text('late').then(() => {
      isWritten = true;
    });
    await new Promise(setImmediate);
    expect(isWritten).toBe(false);
    given.pair.theirs.resume();
    await written;
    expect(given.outbox.pending).toBe(0);
  });

  describe('says how far its client is behind', () => {
    it('by what waits, before a flush too', async () => {
      await using given = await Given.open();
      const { outbox } = given;
      expect(outbox.level).toBe('clear');
      given.event('x'.repeat(995 - EVENT_OBJECT_BYTES));
      expect(outbox.level).toBe('clear');
      given.event('x');
      expect(outbox.level).toBe('soft');
      given.event('x'.repeat(9_000));
      expect(outbox.level).toBe('hard');
      outbox.flush();
      expect(outbox.level).toBe('clear');
    });

    it('by the objects around messages too: few small ones are behind', async () => {
      await using given = await Given.open({ budget: { softBytes: 10_000, hardBytes: 20_000 } });
      given.outbox.hold();
      for (let sent = 0; sent < 20; sent += 1) void given.outbox.text('{"type":"pong"}');
      expect(given.outbox.level).toBe('hard');
    });

    it('and tells each time that it is level again, but not within a push', async () => {
      await using given = await Given.open();
      let told = 0;
      const listening = given.outbox.onClear(() => {
        told += 1;
      });
      given.event('small');
      given.outbox.flush();
      expect(told).toBe(0);
      for (let round = 1; round <= 2; round += 1) {
        given.event('x'.repeat(20_000));
        expect(told).toBe(round - 1);
        given.outbox.flush();
        expect(told).toBe(round);
      }
      await given.pair.fill();
      given.event('x'.repeat(20_000));
      given.outbox.flush();
      expect(told).toBe(2);
      given.pair.theirs.resume();
      await until(() => told === 3);
      listening[Symbol.dispose]();
      given.event('x'.repeat(20_000));
      given.outbox.flush();
      await until(() => given.outbox.pending === 0);
      expect(told).toBe(3);
    });
  });

  describe('gives a client up', () => {
    it('that takes nothing for the allowed time', async () => {
      await using given = await Given.open();
      await given.pair.fill();
      given.event('never read');
      given.outbox.flush();
      vi.advanceTimersByTime(STALL_MS - 1);
      expect(given.timesStalled).toBe(0);
      vi.advanceTimersByTime(STALL_IS_SEEN_MS - STALL_MS);
      expect(given.timesStalled).toBe(1);
    });

    it('but not while it takes something now and then', async () => {
      await using given = await Given.open();
      const { pair, outbox } = given;
      await pair.fill();
      const large = payload('x'.repeat(250_000));
      for (let round = 0; round < 5; round += 1) {
        for (let made = 0; made < 20; made += 1) outbox.event(NOTHING, large, NOTHING);
        outbox.flush();
        const { pending } = outbox;
        pair.theirs.resume();
        await until(() => outbox.pending < pending);
        pair.theirs.pause();
        vi.advanceTimersByTime(0.8 * STALL_MS);
      }
      expect(given.timesStalled).toBe(0);
    });

    it('and not one for whom nothing waits', async () => {
      await using given = await Given.open();
      await given.outbox.text('read');
      vi.advanceTimersByTime(2 * STALL_IS_SEEN_MS);
      expect(given.timesStalled).toBe(0);
    });
  });

  it('writes nothing once its connection is not open, and lets go of what waits', async () => {
    await using given = await Given.open();
    given.event('late');
    given.isOpen = false;
    given.outbox.flush();
    given.event('later');
    void given.outbox.text('last');
    expect(given.pair.writes).toEqual([]);
    expect(given.outbox.pending).toBe(0);
    expect(given.outbox.isUnflushed).toBe(false);
  });

  it('lets go of everything when it is released, and tells nobody any more', async () => {
    await using given = await Given.open();
    await given.pair.fill();
    let told = 0;
    given.outbox.onClear(() => {
      told += 1;
    });
    for (let made = 0; made < 100; made += 1) given.event('x'.repeat(10_000));
    given.outbox.flush();
    given.outbox.release();
    expect(given.outbox.pending).toBe(0);
    expect(given.outbox.level).toBe('clear');
    given.pair.theirs.resume();
    await until(() => given.pair.ours.writableLength === 0);
    vi.advanceTimersByTime(2 * STALL_IS_SEEN_MS);
    // What the network was given before; no more of the 1 MB.
    expect(given.pair.writes).toHaveLength(1);
    expect([told, given.timesStalled]).toEqual([0, 0]);
  });
});
