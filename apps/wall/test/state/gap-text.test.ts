import { expect, test } from 'vitest';
import { gapText } from '../../src/stream/gap-text.ts';
import { english, times } from '../support/english.ts';

const nothing = { reason: 'RETENTION', from: null, to: null, boxId: null, count: null } as const;

test('a gap of which nothing is known still says that something is missing, and why', () => {
  expect(gapText(nothing, (id) => id, english, times)).toBe(
    'Recognitions may be missing: the gateway keeps or shows nothing that old.',
  );
});

test('a gap names its box, its span and its count', () => {
  const gap = {
    reason: 'BOX_UNREACHABLE',
    from: '2026-03-01T10:00:00Z',
    to: '2026-03-01T10:05:00Z',
    boxId: 'gate',
    count: 3,
  } as const;
  const text = gapText(gap, (id) => `the box “${id}”`, english, times);
  expect(text).toMatch(/^3 recognitions from the box “gate” between \S+ and \S+ may be missing/);
});

test('a gap of one recognition says so in the singular', () => {
  expect(gapText({ ...nothing, count: 1 }, (id) => id, english, times)).toMatch(
    /^1 recognition may be missing/,
  );
});
