// Takes the picture of the wall in the README: `pnpm --filter @se5/demo screenshot`.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../../../scripts/chromium/find-chromium.ts';
import { launch } from '../src/launcher/launch.ts';

const file = fileURLToPath(new URL('../../../docs/images/wall.png', import.meta.url));

/** Enough for the stream to be full, and for somebody on the blacklist to have passed. */
const cards = 12;

const executablePath = findChromium();
if (!executablePath) throw new Error('No Chromium: run `pnpm chromium`');

await using launched = await launch({ port: 0, rate: 0, past: 0, seed: 1 });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
  });
  await page.goto(launched.url);
  const boxes = [...launched.simulators.values()];
  await Promise.all(
    boxes.map((box) => box.until((now) => now.configurations.some(({ needFace }) => needFace))),
  );
  const personTypes = [1, 1, 2, 1, 5, 4, 1, 5, 2, 4, 3, 1];
  for (let index = 0; index < cards; index += 1) {
    boxes[index % boxes.length]?.emit({ personType: personTypes[index] ?? 1 });
  }
  const events = page.getByTestId('event');
  await events.nth(5).waitFor();
  await events.filter({ hasText: 'Blacklist' }).first().click();
  await page.mouse.move(0, 0);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: file });
  process.stdout.write(`${file}\n`);
} finally {
  await browser.close();
}
