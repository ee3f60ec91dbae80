import { describe, expect, it } from 'vitest';
import { erasedBy } from '../../src/verdict/erasures.ts';
import { journalOrder } from '../../src/verdict/journal-order.ts';
import { judgeClient } from '../../src/verdict/judge-client.ts';
import { judgeErasures } from '../../src/verdict/judge-erasures.ts';
import { judgeJournal } from '../../src/verdict/judge-journal.ts';
import { client, gap, received, sent, trouble, whats } from './records.ts';

/** Person 0 says 1 and 5, person 1 says 2; nobody can be erased who says the others. */
const all = [
  sent(0),
  sent(1, { person: 0 }),
  sent(2, { person: 1 }),
  sent(3),
  sent(4),
  sent(5, { person: 0 }),
];
/** After 1 was said and before 5 was. */
const erased = trouble({ kind: 'person erased', person: 0 }, 3_500, 4_500);
const orderOf = (...serials: readonly number[]) =>
  journalOrder(serials.map((serial) => received(serial)));

describe('a journal', () => {
  const missing = (...serials: readonly number[]) =>
    whats(judgeJournal(orderOf(...serials), all, erasedBy([erased])));

  it('may lack what the erased person said before', () => {
    expect(missing(0, 2, 3, 4, 5)).toEqual([]);
  });

  it('may lack nothing that was said afterwards or by others', () => {
    expect(missing(0, 2, 3, 4)).toEqual([expect.stringContaining('event 5')]);
    expect(missing(0, 3, 4, 5)).toEqual([expect.stringContaining('event 2')]);
    expect(missing(2, 3, 4, 5)).toEqual([expect.stringContaining('event 0')]);
  });

  const left = (serial: number, receivedAt: number) => {
    const order = journalOrder([received(serial, { receivedAt })]);
    return whats(judgeErasures(order, all, [erased], (shown) => shown - 7_000));
  };

  it('may not have what the gateway had of the person before, by the true time', () => {
    expect(left(1, 7_000 + 3_499)).toEqual([expect.stringContaining('event 1')]);
  });

  it('may have what the gateway got of the person afterwards, and what others said', () => {
    expect(left(1, 7_000 + 3_500)).toEqual([]);
    expect(left(2, 7_000 + 2_000)).toEqual([]);
    expect(left(0, 7_000)).toEqual([]);
  });

  it('loses what came between two erasures of a person', () => {
    const again = trouble({ kind: 'person erased', person: 0 }, 5_500, 5_600);
    const order = journalOrder([received(5)]);
    expect(judgeErasures(order, all, [again, erased], (shown) => shown)).toHaveLength(1);
    expect(judgeJournal(orderOf(0, 2, 3, 4), all, erasedBy([again, erased]))).toEqual([]);
  });
});

describe('a client', () => {
  const judge = (
    order: ReturnType<typeof journalOrder>,
    ...events: ReturnType<typeof received>[]
  ) => whats(judgeClient(client(events), order, all, [erased]));
  const serials = (...numbers: readonly number[]) => numbers.map((serial) => received(serial));

  it('may have got what was erased, or not, or again from the box', () => {
    const order = orderOf(0, 2, 3, 4, 5);
    expect(judge(order, ...serials(0, 1, 2, 3, 4, 5))).toEqual([]);
    expect(judge(order, ...serials(0, 2, 3, 4, 5))).toEqual([]);
    const again = received(1, { delivery: 'BACKFILLED', receivedAt: 4_600 });
    const backfilled = journalOrder([...serials(0, 2, 3, 4), again, received(5)]);
    expect(judge(backfilled, ...serials(0, 1, 2, 3, 4, 5))).toEqual([]);
    expect(judge(backfilled, ...serials(0, 1, 2, 3, 4), again, received(5))).toEqual([]);
  });

  it('may miss nothing that was said afterwards or by others', () => {
    const order = orderOf(0, 2, 3, 4, 5);
    expect(judge(order, ...serials(0, 2, 3, 4))).toEqual([
      'event 5 is in the journal and did not come',
    ]);
    expect(judge(order, ...serials(0, 3, 4, 5))).toEqual([
      'event 2 is in the journal and did not come',
    ]);
  });

  it('is told each gap all the same, with what was erased or with what is behind it', () => {
    const gapsBefore = [gap(0, 900)];
    const [first, next, ...rest] = [received(0), received(2, { gapsBefore }), ...serials(3, 4, 5)];
    if (!first || !next) throw new RangeError('two events are needed');
    const order = journalOrder([first, next, ...rest]);
    expect(judge(order, first, next, ...rest)).toEqual([]);
    expect(judge(order, first, received(1, { gapsBefore }), received(2), ...rest)).toEqual([]);
    expect(judge(order, first, received(1), received(2), ...rest)).toEqual([
      expect.stringContaining('was not said'),
    ]);
    expect(judge(order, first, received(1, { gapsBefore }), next, ...rest)).toEqual([
      expect.stringContaining('was said 2 times'),
    ]);
  });
});
