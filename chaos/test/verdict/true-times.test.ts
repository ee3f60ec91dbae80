import { expect, it } from 'vitest';
import { journalOrder } from '../../src/verdict/journal-order.ts';
import { judgeJournal } from '../../src/verdict/judge-journal.ts';
import { inTrueTime } from '../../src/verdict/true-times.ts';
import { MachineClock } from '../../src/world/machine-clock.ts';
import { gap, received, sent, whats } from './records.ts';

const none = () => false;

const HOUR_MS = 3_600_000;

const clock = new MachineClock();
const now = Date.now();
clock.set(2 * HOUR_MS);
clock.set(-HOUR_MS);
clock.set(0);

it('knows the true time behind each time that the clock has shown', () => {
  for (const ahead of [0, 2 * HOUR_MS, -HOUR_MS]) expect(clock.trueTime(now + ahead)).toBe(now);
});

it('judges a loss by the true span of a gap that begins and ends by clocks that differ', () => {
  const lost = sent(0, { at: now + 1 });
  const silently = sent(1, { at: now + 60_000 });
  const said = gap(now, now + 2 + 2 * HOUR_MS);
  const replay = inTrueTime([received(2, { gapsBefore: [said] })], (shown) =>
    clock.trueTime(shown),
  );
  expect(whats(judgeJournal(journalOrder(replay), [lost, silently, sent(2)], none))).toEqual([
    expect.stringContaining('event 1 of lobby'),
  ]);
});

it('lets a gap begin long before the run, but not after its end', () => {
  const said = gap(now - HOUR_MS, now - 5);
  const replay = inTrueTime([received(1, { gapsBefore: [said] })], (shown, notAfter) =>
    clock.trueTime(shown, notAfter),
  );
  expect(replay[0]?.gapsBefore).toEqual([said]);
});

it('leaves open ends open', () => {
  const [event] = inTrueTime(
    [received(0, { gapsBefore: [{ ...gap(0, 1), from: null }] })],
    (shown) => shown + 1,
  );
  expect(event?.gapsBefore).toEqual([{ ...gap(0, 2), from: null }]);
});
