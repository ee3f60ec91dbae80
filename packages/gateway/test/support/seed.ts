import { randomInt } from 'node:crypto';
import { Random } from '@se5/simulator';
import { onTestFailed } from 'vitest';

const VARIABLE = 'SE5_TEST_SEED';

/**
 * What a test draws at random. A test that fails prints its seed; that seed in `SE5_TEST_SEED` makes
 * the test draw the same again.
 */
export function drawing(): Random {
  const given = process.env[VARIABLE];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  if (!Number.isInteger(seed)) throw new TypeError(`${VARIABLE} is "${given}", not a whole number`);
  onTestFailed(() => console.error(`to draw the same again: ${VARIABLE}=${seed}`));
  return new Random(seed);
}
