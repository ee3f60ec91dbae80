import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { parseConfig } from '../../src/config/load.ts';

const limitsOf = (text: string) => parseConfig(`sites: []\nlimits: { ${text} }`).limits;

describe('the limit of base64', () => {
  it('is that of a gateway without a file when nothing is said', () => {
    expect(limitsOf('')).toEqual(DEFAULT_LIMITS);
  });

  it('is no more than a string may hold', () => {
    expect(limitsOf('base64Bytes: 256MiB').base64Bytes).toBe(2 ** 28);
    expect(() => limitsOf('base64Bytes: 257MiB')).toThrow(
      'limits.base64Bytes: found "257MiB"; allowed: a size up to 256MiB, such as 32MiB',
    );
  });
});
