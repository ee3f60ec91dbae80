import { describe, expect, it } from 'vitest';
import { journalOrder } from '../../src/verdict/journal-order.ts';
import { judgeClient } from '../../src/verdict/judge-client.ts';
import { client, gap, received, sent, trouble, whats } from './records.ts';

const all = [sent(0), sent(1), sent(2), sent(3)];
const order = journalOrder([received(0), received(1), received(2), received(3)]);
const lost = gap(0, 1_000);
const unavailable = gap(0, 1_000, { reason: 'JOURNAL_UNAVAILABLE', boxId: null });

describe('a client', () => {
  it('got what was promised when it has all, once and in order', () => {
    expect(judgeClient(client(order.events), order, all, [])).toEqual([]);
  });

  it.each([
    ['lacks one', [0, 1, 3], 'event 2 is in the journal and did not come'],
    ['got one twice', [0, 1, 1, 2, 3], 'event 1 came twice by its id (id 1)'],
    ['got one too late', [0, 2, 1, 3], 'event 1 came behind a later one'],
  ])('did not when it %s', (_, serials, what) => {
    const record = client(serials.map((serial) => received(serial)));
    expect(whats(judgeClient(record, order, all, []))).toEqual([what]);
  });

  it('did not when it got what is not in the journal, or not what it asked for', () => {
    const foreign = client([...order.events, received(3, { id: 'other' })]);
    expect(judgeClient(foreign, order, all, [])).toHaveLength(2);
    const { interest, ...record } = client(order.events);
    const picky = { ...record, interest: { ...interest, wants: () => false } };
    expect(judgeClient(picky, order, all, [])).toHaveLength(4);
  });

  it('is told of each gap once, with the first event behind it', () => {
    const withGap = received(1, { gapsBefore: [lost] });
    const torn = journalOrder([received(0), withGap, received(2)]);
    const said = (events: readonly ReturnType<typeof received>[]) =>
      whats(judgeClient(client(events), torn, all.slice(0, 3), []));
    expect(said([received(0), withGap, received(2)])).toEqual([]);
    expect(said([received(0), received(1), received(2)])).toEqual([
      expect.stringContaining('was not said'),
    ]);
    expect(said([received(0), received(1), received(2, { gapsBefore: [lost] })])).toEqual([
      expect.stringContaining('was said too late'),
    ]);
    expect(said([received(0), withGap, received(2, { gapsBefore: [lost] })])).toEqual([
      expect.stringContaining('was said 2 times'),
    ]);
  });

  it('may miss what a gap of the journal stands for, right there', () => {
    const jumped = client([received(0), received(3, { gapsBefore: [unavailable] })]);
    expect(judgeClient(jumped, order, all, [])).toEqual([]);
    const elsewhere = client([received(0, { gapsBefore: [unavailable] }), received(3)]);
    expect(judgeClient(elsewhere, order, all, [])).toHaveLength(2);
  });

  it('need not be told of a gap in what a gap of the journal stands for', () => {
    const torn = journalOrder([received(0), received(1, { gapsBefore: [lost] }), received(2)]);
    const said = (...events: ReturnType<typeof received>[]) =>
      whats(judgeClient(client(events), torn, all.slice(0, 3), []));
    expect(said(received(0), received(2, { gapsBefore: [unavailable] }))).toEqual([]);
    expect(said(received(0), received(1), received(2, { gapsBefore: [unavailable] }))).toEqual([
      expect.stringContaining('was not said'),
    ]);
  });

  it('may have got what went with the memory of a full disk, if it is told so next', () => {
    const ofMemory = received(1, { id: 'lost', epoch: 'memory' });
    const again = received(1, { gapsBefore: [unavailable] });
    const events = [received(0), ofMemory, again, received(2), received(3)];
    expect(judgeClient(client(events), order, all, [])).toEqual([]);
    const untold = [received(0), ofMemory, received(1), received(2), received(3)];
    expect(judgeClient(client(untold), order, all, [])).toHaveLength(2);
  });
});

describe('a client of a journal that was rolled back to a copy', () => {
  // What came as the second event is not in the copy. The box has it stored: it comes again as the fourth.
  const restored = trouble(
    { kind: 'journal restored', isKilled: true, ms: 1_000, downMs: 0 },
    500,
    5_000,
  );
  const again = received(1, { delivery: 'BACKFILLED' });
  const rolled = journalOrder([received(0), received(2), received(3), again]);
  const unknown = gap(0, 0, { reason: 'UNKNOWN_CURSOR', boxId: null, from: null, to: null });
  const anew = [received(0, { gapsBefore: [unknown], at: 6_000 }), ...rolled.events.slice(1)];
  const judge = (...events: readonly ReturnType<typeof received>[]) =>
    whats(judgeClient(client(events), rolled, all, [restored]));

  it('gets all of it again when it is told so', () => {
    expect(judge(received(0), received(1), ...anew)).toEqual([]);
  });

  it('may not miss, without being told, what has taken the places of events that it got', () => {
    expect(judge(received(0), received(1), received(3), again)).toEqual([
      'event 1 came twice by its id (id 1)',
      'event 3 came behind a later one',
      'event 2 is in the journal and did not come',
    ]);
  });

  it('may not miss what it has never got, though it is told', () => {
    expect(judge(received(0), received(1), ...anew.slice(0, 2), again)).toEqual([
      'event 3 is in the journal and did not come',
    ]);
  });

  it('gets it from the oldest event on', () => {
    const told = received(2, { gapsBefore: [unknown], at: 6_000 });
    expect(judge(received(1), told, ...anew.slice(2))).toEqual([
      'event 0 is in the journal and did not come',
    ]);
  });

  it('may leave out what it got before, as clients do that know an event again', () => {
    const [, , third, fourth] = anew;
    const told = received(2, { gapsBefore: [unknown], at: 6_000 });
    if (third && fourth) expect(judge(received(0), received(1), told, third)).toEqual([]);
  });

  it('gets nothing twice of either journal, and each in its order', () => {
    expect(judge(received(0), received(1), received(1), ...anew)).toEqual([
      'event 1 came twice by its id (id 1)',
    ]);
    expect(judge(received(0), received(1), ...anew, received(3))).toEqual([
      'event 3 came twice by its id (id 3)',
    ]);
    const [first, second, third, fourth] = anew;
    if (!first || !second || !third || !fourth) throw new RangeError('four events are needed');
    expect(judge(received(0), received(1), first, third, second, fourth)).toEqual([
      'event 2 came behind a later one',
    ]);
  });

  it('gets doubles at no other time', () => {
    const later = [received(0, { gapsBefore: [unknown], at: 90_000 }), ...rolled.events.slice(1)];
    expect(judge(received(0), received(1, { at: 80_000 }), ...later)).not.toEqual([]);
  });

  it('is told each gap of the journal again', () => {
    const torn = journalOrder([
      received(0),
      received(2, { gapsBefore: [lost] }),
      received(3),
      again,
    ]);
    const said = (...events: readonly ReturnType<typeof received>[]) =>
      whats(judgeClient(client(events), torn, all, [restored]));
    const [first, , ...rest] = anew;
    if (!first) throw new RangeError('an event is needed');
    const telling = received(2, { gapsBefore: [lost] });
    expect(said(received(0), received(1), first, telling, ...rest)).toEqual([]);
    expect(said(received(0), received(1), first, received(2), ...rest)).toEqual([
      expect.stringContaining('was not said'),
    ]);
  });
});
