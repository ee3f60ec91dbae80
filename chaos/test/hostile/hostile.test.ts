import { expect, it } from 'vitest';
import { ATTACK_NAMES } from '../../src/hostile/attack.ts';
import { hostileFailures, hostileFigures } from '../../src/hostile/report.ts';
import { runHostile } from '../../src/hostile/run.ts';

const SEED = 20_261_128;

/** Every attack, so small that the test is cheap: `pnpm chaos --hostile` makes them as large as they get. */
const SCALE = 0.01;

/** Ends the wait for what is still to come. */
const SETTLE_MS = 180_000;

it('honest clients get all that they asked for, once and in order, beside each kind of attack', async () => {
  const result = await runHostile({
    seed: SEED,
    seconds: 3,
    warmSeconds: 0,
    quietSeconds: 0,
    scale: SCALE,
    settleMs: SETTLE_MS,
    log: () => {},
  });
  console.log(`seed ${SEED}\n${hostileFigures(result)}`);
  // How long it took, and how much memory, is the machine's: no part of this test.
  expect(result.findings, hostileFailures(result)).toEqual([]);
  expect(new Set(result.attacks.keys())).toEqual(new Set(ATTACK_NAMES));
  expect(result.sent).toBeGreaterThan(0);
});
