import { expect, it } from 'vitest';
import { FirstProcess } from '../../../scripts/vitest/first-process.ts';

it('SIGTERM to npx alone ends a simulated box that it started', async () => {
  const way = 'npx -y pnpm@10.34.9 simulate --api-port 0 --event-port 0';
  await using box = new FirstProcess(way.split(' '));
  await box.printed(/(http:\/\/127\.0\.0\.1:\d+)/);
  expect(await box.end('SIGTERM')).toBe(0);
});
