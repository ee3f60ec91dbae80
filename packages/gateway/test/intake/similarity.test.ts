import { describe, expect, it } from 'vitest';
import type { BoxConfig } from '../../src/config/config.ts';
import { SimilarityScale } from '../../src/intake/similarity.ts';

const similarities = (scale: BoxConfig['scoreScale'], scores: readonly number[]): number[] => {
  const box = new SimilarityScale(scale);
  return scores.map((score) => box.similarity(score));
};

describe('similarity', () => {
  it('is the score of a box that says 0 to 1', () => {
    expect(similarities(1, [0, 0.78, 1])).toEqual([0, 0.78, 1]);
  });

  it('is a hundredth of the score of a box that says 0 to 100', () => {
    expect(similarities(100, [0, 1, 82, 100])).toEqual([0, 0.01, 0.82, 1]);
  });

  it('stays within 0 and 1', () => {
    expect(similarities(1, [-0.1, 1.5])).toEqual([0, 1]);
    expect(similarities(100, [-3, 101])).toEqual([0, 1]);
    expect(similarities('auto', [-1, 250])).toEqual([0, 1]);
  });

  it('goes, when it is automatic, by whether a score above 1 has come', () => {
    expect(similarities('auto', [0.78, 1, 82, 0.5, 1])).toEqual([0.78, 1, 0.82, 0.005, 0.01]);
  });
});
