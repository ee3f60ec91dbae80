import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problems.ts';
import { DEFAULT_SLOW_CLIENTS } from '../../src/config/slow-clients.ts';

const configured = (text: string) => parseConfig(`sites: []\n${text}`);

const problemsOf = (text: string): readonly string[] => {
  try {
    configured(text);
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems.map(({ key, message }) => `${key}: ${message}`);
    }
    throw error;
  }
  return [];
};

describe('the budgets of slow clients', () => {
  it('are those of a gateway without a file when nothing is said', () => {
    expect(configured('').slowClients).toEqual(DEFAULT_SLOW_CLIENTS);
    expect(configured('slowClients: {}').slowClients).toEqual(DEFAULT_SLOW_CLIENTS);
  });

  it.each([
    'softBytes: 64KiB',
    'softBytes: 4MiB',
    'hardBytes: 1MiB',
    'softBytes: 256MiB, hardBytes: 256MiB',
    'stalledAfter: 1s',
    'stalledAfter: 1h',
  ])('may be %s', (given) => {
    expect(problemsOf(`slowClients: { ${given} }`)).toEqual([]);
  });

  it.each([
    ['softBytes: 63KiB', 'softBytes', 'a size from 64KiB to 256MiB'],
    ['hardBytes: 257MiB', 'hardBytes', 'a size from 64KiB to 256MiB'],
    ['hardBytes: 4194304', 'hardBytes', 'a size from 64KiB to 256MiB'],
    ['stalledAfter: 999ms', 'stalledAfter', 'a duration from 1s to 1h'],
    ['stalledAfter: 61min', 'stalledAfter', 'a duration from 1s to 1h'],
    ['stalledAfter: 30', 'stalledAfter', 'a duration from 1s to 1h'],
  ])('may not be %s', (given, key, allowed) => {
    const [problem, ...others] = problemsOf(`slowClients: { ${given} }`);
    expect(problem).toMatch(`slowClients.${key}: `);
    expect(problem).toContain(`allowed: ${allowed}`);
    expect(others).toEqual([]);
  });

  it.each(['softBytes: 2MiB, hardBytes: 1MiB', 'softBytes: 5MiB', 'hardBytes: 64KiB'])(
    'may not be the wrong way round, by what is not said too: %s',
    (given) => {
      const [problem, ...others] = problemsOf(`slowClients: { ${given} }`);
      expect(problem).toMatch(/^slowClients: found .*; hardBytes must be at least softBytes: /);
      expect(others).toEqual([]);
    },
  );
});
