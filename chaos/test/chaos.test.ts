import { expect, it } from 'vitest';
import { failures, figures } from '../src/report.ts';
import { runChaos } from '../src/run.ts';

const SECONDS = 15;

/** What there is to wait for is mostly there after 10 s. */
const SETTLE_MS = 60_000;

it('nothing is lost that is not declared, nothing comes twice, and all of it in order', {
  timeout: 150_000,
}, async () => {
  const seed = Math.floor(Math.random() * 1_000_000);
  const result = await runChaos({ seed, seconds: SECONDS, settleMs: SETTLE_MS, log: () => {} });
  console.log(`seed ${seed}\n${figures(result)}`);
  const again = `pnpm chaos --seconds ${SECONDS} --seed ${seed}`;
  expect(result.findings, `${again}\n${failures(result)}`).toEqual([]);
  expect(result.troubles.length).toBeGreaterThan(0);
});
