import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AppendedRecord, BoxEntry, Position } from '../../../src/journal/journal.ts';
import { type BoxLog, BoxPublisher } from '../../../src/journal/nats/box-publisher.ts';
import { FencedError, type LastMessage } from '../../../src/journal/nats/log.ts';
import {
  type Author,
  authorOf,
  decodeNote,
  encodeGap,
  encodeNote,
  encodeOwned,
} from '../../../src/journal/nats/log-message.ts';
import { boxId, gap } from '../../support/recognitions.ts';

const LOBBY = boxId('hq-lobby');

/**
 * What becomes of a request: `done`; `unanswered`, though it was done; `lost` on its way; `overtaken`
 * by another gateway just before.
 */
type Outcome = 'done' | 'unanswered' | 'lost' | 'overtaken';

/** One box's subject as JetStream keeps it, with answers that get lost. */
class ScriptedLog implements BoxLog {
  readonly most: number;
  readonly messages: LastMessage[] = [];
  readonly #notes: LastMessage[] = [];
  readonly #outcomes: Outcome[];
  #sequence = 0;

  constructor(outcomes: readonly Outcome[], most = 3) {
    this.most = most;
    this.#outcomes = [...outcomes];
  }

  append(_box: unknown, messages: readonly Uint8Array[], expected: number): Promise<number> {
    return this.#write(this.messages, messages, expected);
  }

  note(_box: unknown, data: Uint8Array, expected: number): Promise<number> {
    return this.#write(this.#notes, [data], expected);
  }

  async lastOf(): Promise<LastMessage | undefined> {
    return this.messages.at(-1);
  }

  async noteOf(): Promise<LastMessage | undefined> {
    return this.#notes.at(-1);
  }

  overtake(): void {
    this.#put(this.messages, encodeOwned(OTHER, LOBBY));
  }

  async #write(
    to: LastMessage[],
    messages: readonly Uint8Array[],
    expected: number,
  ): Promise<number> {
    const outcome = this.#outcomes.shift() ?? 'done';
    if (outcome === 'lost') throw new Error('no answer');
    if (outcome === 'overtaken') this.overtake();
    if ((to.at(-1)?.sequence ?? 0) !== expected) throw new FencedError('a newer one is there');
    for (const data of messages) this.#put(to, data);
    const sequence = this.#sequence;
    if (outcome === 'unanswered') throw new Error('no answer');
    return sequence;
  }

  #put(to: LastMessage[], data: Uint8Array): number {
    this.#sequence += 1;
    to.push({ sequence: this.#sequence, data });
    return this.#sequence;
  }
}

const OTHER: Author = { gateway: 'other', process: 'other', number: 1 };

interface Given {
  readonly process?: string;
  readonly lost?: () => void;
  /** Told how long an entry has waited, in ms. */
  readonly waited?: (ms: number) => void;
}

function publisherOf(
  log: ScriptedLog,
  { process = 'own', lost = () => {}, waited = () => {} }: Given = {},
): BoxPublisher {
  let number = 0;
  return new BoxPublisher(LOBBY, {
    log,
    retryMs: 0,
    nextAuthor: () => ({ gateway: 'own', process, number: ++number }),
    isBy: ({ data }, author) => {
      const { process: by, number: of } = authorOf(data);
      return by === author.process && of === author.number;
    },
    owned: encodeOwned,
    message: async (author, entry, waitedMs) => {
      waited(waitedMs);
      return encodeGap(author, entry.kind === 'gap' ? entry.gap : gap());
    },
    noteIn: ({ data }) => decodeNote(data),
    note: encodeNote,
    reached: async () => {},
    gapEnd: () => undefined,
    lost,
    failed: () => {},
  });
}

/** A gap that bears a number. */
const entry = (count: number): BoxEntry => ({
  kind: 'gap',
  gap: gap({ boxId: LOBBY, count }),
});

/** The numbers of the gaps that this process wrote, in order. */
const written = (log: ScriptedLog): number[] =>
  log.messages.flatMap(({ data }) => {
    const head = JSON.parse(Buffer.from(data).toString().split('\n')[0] ?? '') as {
      gap?: { count: number };
    };
    return head.gap ? [head.gap.count] : [];
  });

const outcomes = fc.array(fc.constantFrom<Outcome>('done', 'done', 'unanswered', 'lost'), {
  maxLength: 40,
});

describe('the publisher of a box', () => {
  it('writes each entry once and in order, whichever answers get lost', async () => {
    await fc.assert(
      fc.asyncProperty(outcomes, fc.integer({ min: 1, max: 12 }), async (drawn, count) => {
        const log = new ScriptedLog(drawn);
        const publisher = publisherOf(log);
        await publisher.own();
        const entries = Array.from({ length: count }, (_, index) => index);
        for (const index of entries) {
          void publisher.append(entry(index)).catch(() => {});
          if (index % 2 === 0) publisher.settle({ at: index });
        }
        publisher.settle({ at: 7 });
        await publisher.drained();
        expect(written(log)).toEqual(entries);
        const note = await log.noteOf();
        expect(note && decodeNote(note.data).to).toEqual({ at: 7 });
        publisher.end();
      }),
    );
  });

  it('writes nothing behind another gateway that took the box over, and is told of that once', async () => {
    await fc.assert(
      fc.asyncProperty(outcomes, fc.nat({ max: 12 }), async (drawn, before) => {
        const log = new ScriptedLog([...drawn.slice(0, before), 'overtaken']);
        let losses = 0;
        const lost = () => {
          losses += 1;
        };
        const publisher = publisherOf(log, { lost });
        await publisher.own();
        const appended: Promise<AppendedRecord>[] = [];
        for (let index = 0; index < 20; index += 1) {
          const append = publisher.append(entry(index));
          append.catch(() => {});
          appended.push(append);
        }
        await publisher.drained();
        const overtakenAt = log.messages.findIndex(
          ({ data }) => authorOf(data).process === 'other',
        );
        const ownedAt = log.messages.findLastIndex(({ data }) => isOwned(data, 'own'));
        if (overtakenAt > ownedAt) {
          expect(log.messages).toHaveLength(overtakenAt + 1);
          expect(losses).toBe(1);
          const results = await Promise.allSettled(appended);
          expect(results.at(-1)).toMatchObject({ reason: { code: 'NOT_OWNER' } });
        } else {
          expect(losses).toBe(0);
        }
        publisher.end();
      }),
    );
  });

  it('hands the box over behind all that was appended, and to the gateway that asked alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        outcomes,
        fc.integer({ min: 0, max: 8 }),
        fc.boolean(),
        fc.option(fc.nat({ max: 6 })),
        async (drawn, count, isAsked, overtakenAt) => {
          const log = new ScriptedLog(
            overtakenAt === null ? drawn : [...drawn.slice(0, overtakenAt), 'overtaken'],
          );
          const publisher = publisherOf(log);
          await publisher.own();
          const entries = Array.from({ length: count }, (_, index) => index);
          for (const index of entries) void publisher.append(entry(index)).catch(() => {});
          const ask = { process: 'next', number: 3 };
          publisher.handOver(ask);
          publisher.settle({ at: 9 });
          await expect(publisher.append(entry(99))).rejects.toMatchObject({ code: 'NOT_OWNER' });
          await publisher.drained();
          const note = await log.noteOf();
          const isHanded = note !== undefined && decodeNote(note.data).handedTo !== undefined;
          if (isHanded) expect(written(log)).toEqual(entries);
          if (overtakenAt === null) expect(isHanded).toBe(true);
          const next = publisherOf(log, { process: 'next' });
          await expect(next.own(isAsked ? ask : { ...ask, number: 4 })).resolves.toBe(
            isHanded && isAsked,
          );
          // Whoever comes after that one was handed nothing.
          await expect(publisherOf(log, { process: 'last' }).own(ask)).resolves.toBe(false);
          for (const each of [publisher, next]) each.end();
        },
      ),
    );
  });

  it.each([
    ['has waited as long as it has when the box was handed over', 3, 5_000],
    ['may have been overtaken when the box was not handed over', 4, Number.POSITIVE_INFINITY],
  ])('says that what it took before it owned the box %s', async (_, number, waitedMs) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const log = new ScriptedLog([]);
    const before = publisherOf(log);
    await before.own();
    before.handOver({ process: 'next', number: 3 });
    await before.drained();
    const waited: number[] = [];
    const next = publisherOf(log, { process: 'next', waited: (ms) => waited.push(ms) });
    void next.append(entry(1)).catch(() => {});
    vi.advanceTimersByTime(5_000);
    await next.own({ process: 'next', number });
    await next.drained();
    expect(waited).toEqual([waitedMs]);
    for (const each of [before, next]) each.end();
  });

  it('tells an entry’s record when it has come back from the log', async () => {
    const log = new ScriptedLog([]);
    const publisher = publisherOf(log);
    await publisher.own();
    const appended = publisher.append(entry(1));
    await publisher.drained();
    const { number } = authorOf(log.messages.at(-1)?.data ?? Buffer.of());
    const record = { ...entry(1), position: 5 as Position };
    publisher.arrived(number, record);
    await expect(appended).resolves.toEqual(record);
  });

  it('notes nothing before it owns the box: the owner before notes more', async () => {
    const log = new ScriptedLog([]);
    const before = publisherOf(log);
    await before.own();
    const next = publisherOf(log, { process: 'next' });
    await next.readNote();
    next.settle({ at: 5 });
    before.settle({ at: 9 });
    await before.drained();
    await next.own();
    await next.drained();
    expect(next.noted).toEqual({ at: 9 });
    expect(decodeNote((await log.noteOf())?.data ?? Buffer.of()).to).toEqual({ at: 9 });
    for (const each of [before, next]) each.end();
  });

  it('writes again what has not come back when the log is made anew', async () => {
    const log = new ScriptedLog([]);
    const publisher = publisherOf(log);
    await publisher.own();
    for (const index of [0, 1, 2]) void publisher.append(entry(index)).catch(() => {});
    await publisher.drained();
    const first = log.messages.find(({ data }) => !isOwned(data, 'own'));
    publisher.arrived(authorOf(first?.data ?? Buffer.of()).number, undefined);
    log.messages.length = 0;
    publisher.writeAgain();
    void publisher.append(entry(3)).catch(() => {});
    await publisher.drained();
    expect(written(log)).toEqual([1, 2, 3]);
    publisher.end();
  });

  it('ends when the log says that another gateway was faster', async () => {
    const log = new ScriptedLog([]);
    const losses: (string | undefined)[] = [];
    const publisher = publisherOf(log, { lost: () => losses.push('lost') });
    await publisher.own();
    publisher.overtaken(0, 'an owner of before');
    expect(publisher.isOwning).toBe(true);
    publisher.overtaken(1_000, 'other');
    expect(publisher.isOwning).toBe(false);
    expect(losses).toEqual(['lost']);
  });
});

const isOwned = (data: Uint8Array, process: string): boolean => {
  const head = JSON.parse(Buffer.from(data).toString()) as { kind: string };
  return head.kind === 'owned' && authorOf(data).process === process;
};
