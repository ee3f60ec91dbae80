import { expect, test } from 'vitest';
import { CONTENDERS } from '../../src/contenders/contender.ts';
import { pictures } from '../../src/figures/pictures.ts';
import { reconnect } from '../../src/figures/reconnect.ts';
import { QUICK } from '../../src/plan.ts';

test('measures all contenders side by side, and a gateway that restarts', async () => {
  const plan = { ...QUICK, heatMs: 20, warmUpMs: 0, windowMs: 20, scaled: () => 5 };
  const bench = { plan, core: undefined, log: () => undefined };
  const [pictured] = await pictures.measure(bench);
  expect(pictured?.scenario).toBe('5 subscribers, three pictures of 30 KB');
  for (const name of CONTENDERS) expect(pictured?.by[name]?.median).toBeGreaterThan(0);
  expect(pictured?.verdict).toMatchObject({ target: { bound: 'at most', value: 1.1 } });
  expect(await reconnect.measure(bench)).toHaveLength(3);
});
