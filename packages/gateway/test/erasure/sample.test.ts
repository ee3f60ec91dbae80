import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Sample } from '../../src/erasure/sample.ts';

it('takes all while they are few, and as many as it may of more, none twice', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 9 })), fc.integer({ min: 1, max: 20 }), (steps, size) => {
      const sample = new Sample<number>(size);
      let passed = 0;
      for (const step of steps) {
        sample.add(Array.from({ length: step }, (_, index) => passed + index));
        passed += step;
      }
      expect(sample.taken).toHaveLength(Math.min(size, passed));
      expect(new Set(sample.taken).size).toBe(sample.taken.length);
      expect(Math.max(-1, ...sample.taken)).toBeLessThan(passed);
    }),
  );
});

it('prefers none: the first and the last are taken as often as any', () => {
  const taken = Array.from({ length: 4_000 }, () => {
    const sample = new Sample<number>(2);
    sample.add([0, 1, 2, 3]);
    sample.add([4, 5, 6, 7]);
    return sample.taken;
  }).flat();
  for (let value = 0; value < 8; value += 1) {
    const times = taken.filter((each) => each === value).length;
    // A thousand is the mean, 27 the deviation.
    expect(Math.abs(times - 1_000)).toBeLessThan(200);
  }
});
