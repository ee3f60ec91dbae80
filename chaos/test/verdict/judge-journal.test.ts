import { describe, expect, it } from 'vitest';
import { journalOrder } from '../../src/verdict/journal-order.ts';
import { judgeJournal } from '../../src/verdict/judge-journal.ts';
import { gap, received, sent, whats } from './records.ts';

const none = () => false;

describe('the journal', () => {
  it('is as promised when it has each event once, and each device in order', () => {
    const order = journalOrder([received(0), received(1), received(2)]);
    expect(judgeJournal(order, [sent(0), sent(1), sent(2)], none)).toEqual([]);
  });

  it('may lack what lies in a gap of the box, and nothing else', () => {
    const all = [sent(0), sent(1), sent(2), sent(3)];
    const events = (missing: ReturnType<typeof gap>) =>
      journalOrder([received(0), received(3, { gapsBefore: [missing] })]);
    expect(judgeJournal(events(gap(500, 2_500)), all, none)).toEqual([]);
    expect(whats(judgeJournal(events(gap(500, 1_500)), all, none))).toEqual([
      'event 2 of lobby (heard by 1) is missing, and in no gap',
    ]);
    expect(judgeJournal(events(gap(500, 2_500, { boxId: 'garage' })), all, none)).toHaveLength(2);
  });

  it('may not have an event twice, under one id or two', () => {
    const order = journalOrder([received(0), received(0, { id: 'other' })]);
    expect(judgeJournal(order, [sent(0)], none)).toHaveLength(1);
    expect(judgeJournal(journalOrder([received(0), received(0)]), [sent(0)], none)).toHaveLength(2);
  });

  it('has LIVE only what somebody listened to, in the order of the device', () => {
    const unheard = [sent(0, { listeners: 0 })];
    expect(judgeJournal(journalOrder([received(0)]), unheard, none)).toHaveLength(1);
    const backfilled = received(0, { delivery: 'BACKFILLED' });
    expect(judgeJournal(journalOrder([backfilled]), unheard, none)).toEqual([]);
    const swapped = journalOrder([received(1), received(0)]);
    expect(judgeJournal(swapped, [sent(0), sent(1)], none)).toHaveLength(1);
  });
});
