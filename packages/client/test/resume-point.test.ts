import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentSet } from '../src/recent-set.ts';
import { REMEMBERED_IDS, ResumePoint } from '../src/resume-point.ts';

test('a resume point is behind whatever came last', () => {
  const point = new ResumePoint(undefined);
  expect(point.after).toBeUndefined();
  point.moveTo('ack');
  expect(point.after).toBe('ack');
  point.accept({ id: 'one', cursor: 'c1' });
  expect(point.after).toBe('c1');
  point.moveTo('ping');
  expect(point.after).toBe('ping');
});

test('an event that came within the last thousand is known again', () => {
  const point = new ResumePoint(undefined);
  const accept = (n: number) => point.accept({ id: `id ${n}`, cursor: `c${n}` });
  for (let n = 0; n < REMEMBERED_IDS; n += 1) expect(accept(n)).toBe(true);
  expect(accept(0)).toBe(false);
  expect(accept(REMEMBERED_IDS)).toBe(true);
  expect(accept(0)).toBe(true);
});

test('a recent set knows its last values and no more', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 })),
      fc.integer({ min: 1, max: 5 }),
      (values, limit) => {
        const set = new RecentSet(limit);
        let model: number[] = [];
        for (const value of values) {
          expect(set.add(String(value))).toBe(!model.includes(value));
          if (!model.includes(value)) model = [...model, value].slice(-limit);
        }
      },
    ),
  );
});
