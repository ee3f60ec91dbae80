import { expect, test } from 'vitest';
import { CONTENDERS } from '../../src/contenders/contender.ts';
import { fanOut } from '../../src/figures/fan-out.ts';
import { QUICK } from '../../src/plan.ts';
import { runBench } from '../../src/run.ts';

test('all contenders are measured side by side, in processes of their own', async () => {
  const { measurements, failures, machine } = await runBench({
    plan: {
      ...QUICK,
      heatMs: 20,
      warmUpMs: 0,
      windowMs: 20,
      fanOut: { subscribers: [5], saturated: 5 },
    },
    figures: [fanOut],
    command: 'pnpm bench',
    log: () => undefined,
  });
  expect(failures).toEqual({});
  expect(machine.node).toBe(process.version);
  expect(measurements.map(({ scenario }) => scenario)).toEqual([
    '5 subscribers, one by one',
    '5 subscribers, bursts of 10',
    '5 subscribers, saturated',
  ]);
  const [oneByOne] = measurements;
  for (const name of CONTENDERS) expect(oneByOne?.by[name]?.median).toBeGreaterThan(0);
  expect(oneByOne?.verdicts).toMatchObject([
    { what: '÷ bare', target: { bound: 'at most', value: 1.1 } },
  ]);
});
