import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

function publisherOf(log: ScriptedLog, lost: () => void = () => {}): BoxPublisher {
  let number = 0;
  return new BoxPublisher(LOBBY, {
    log,
    retryMs: 0,
    nextAuthor: () => ({ gateway: 'own', process: 'own', number: ++number }),
    isBy: ({ data }, author) => {
      const { process, number: of } = authorOf(data);
      return process === author.process && of === author.number;
    },
    owned: encodeOwned,
    message: async (author, entry) => encodeGap(author, entry.kind === 'gap' ? entry.gap : gap()),
    noted: ({ data }) => decodeNote(data).to,
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
        const publisher = publisherOf(log, () => {
          losses += 1;
        });
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
    const publisher = publisherOf(log, () => losses.push('lost'));
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
