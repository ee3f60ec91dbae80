import { expect, it } from 'vitest';
import { LostEntries } from '../../src/intake/lost-entries.ts';
import { entry, gapEntry } from '../support/journals.ts';
import { boxId } from '../support/recognitions.ts';

const [lobby, yard] = [boxId('hq-lobby'), boxId('hq-yard')];

const gap = (to: number | null) => gapEntry({ from: 50, to, boxId: lobby });

it('makes one gap for each box of what was lost, from the first to the last, with their number', () => {
  const lost = new LostEntries();
  expect(lost.take()).toEqual([]);
  lost.add(lobby, entry({ receivedAt: 300 }));
  lost.add(yard, entry({ receivedAt: 200 }));
  lost.add(lobby, entry({ receivedAt: 100 }));
  const reason = 'JOURNAL_UNAVAILABLE';
  expect(lost.take()).toEqual([
    { reason, boxId: lobby, from: 100, to: 300, count: 2 },
    { reason, boxId: yard, from: 200, to: 200, count: 1 },
  ]);
  expect(lost.take()).toEqual([]);
});

it('declares what was read back when it happened, not when it was read', () => {
  const lost = new LostEntries();
  lost.add(lobby, entry({ delivery: 'BACKFILLED', occurredAt: 100_000, receivedAt: 9_000_000 }));
  expect(lost.take()).toMatchObject([{ from: 95_000, to: 105_000, count: 1 }]);
});

it('knows no number, and no end, when a gap was lost too that has none', () => {
  const lost = new LostEntries();
  lost.add(lobby, entry({ receivedAt: 100 }));
  lost.add(lobby, gap(400));
  expect(lost.take()).toMatchObject([{ from: 50, to: 400, count: null }]);
  lost.add(lobby, gap(null));
  lost.add(lobby, entry({ receivedAt: 100 }));
  expect(lost.take()).toMatchObject([{ from: 50, to: null, count: null }]);
});
