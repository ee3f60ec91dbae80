// Takes the pictures of the wall in the documentation: `pnpm --filter @se5/demo screenshot`.
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../scripts/chromium/find-chromium.ts';
import { launch } from '../src/launcher/launch.ts';

/** Recognitions of the last 24 hours. */
const past = 600;
/** Who passes while the pictures are taken, by the types of the protocol. */
const personTypes = [1, 1, 2, 1, 5, 4, 1, 5, 2, 4, 3, 1];

const executablePath = findChromium();
if (!executablePath) throw new Error('No Chromium: run `pnpm chromium`');

await using launched = await launch({ port: 0, rate: 0, past, seed: 1 });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

async function openPage(search: string, locale = 'en-GB'): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    locale,
    reducedMotion: 'reduce',
  });
  await page.goto(`${launched.url}/${search}`);
  return page;
}

async function take(page: Page, name: string): Promise<void> {
  const path = fileURLToPath(new URL(`../../../docs/images/${name}.png`, import.meta.url));
  await page.mouse.move(0, 0);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path });
  process.stdout.write(`${path}\n`);
  await page.close();
}

try {
  const boxes = [...launched.simulators.values()];
  await Promise.all(boxes.map((box) => box.until((now) => now.pictureRequests >= (2 * past) / 5)));
  const fleet = await openPage('?view=fleet');
  await fleet.getByText('nothing is missing').nth(4).waitFor();
  await take(fleet, 'fleet');

  for (const [index, personType] of personTypes.entries()) {
    boxes[index % boxes.length]?.emit({ personType });
  }
  for (const [name, locale] of [
    ['wall', 'en-GB'],
    ['wall-ar', 'ar'],
  ] as const) {
    const page = await openPage('', locale);
    const events = page.getByTestId('event');
    await events.nth(5).waitFor();
    await events.nth(1).click();
    await page.getByTestId('detail').waitFor();
    await take(page, name);
  }

  const history = await openPage('?view=history');
  const hours = history.getByRole('list', { name: 'Recognitions by hour' }).getByRole('button');
  await hours.nth(8).click();
  await history.getByTestId('event').first().waitFor();
  await take(history, 'history');

  const alarms = await openPage('?view=alarms');
  const rows = alarms.getByTestId('alarm-row');
  await rows.first().waitFor();
  const open = rows.and(alarms.locator('[data-state-name=OPEN]'));
  for (let left = await open.count(); left > 4; left -= 1) {
    const first = await open.nth(1).elementHandle();
    await open.nth(1).getByRole('button', { name: 'Take' }).click();
    await first?.waitForSelector(':text("Taken by")');
  }
  await take(alarms, 'alarms');
} finally {
  await browser.close();
}
