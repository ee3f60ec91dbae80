import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../../../../scripts/chromium/browser.ts';
import { setStage, watched } from '../support/stage.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test('without a box, the page says where to add one', async () => {
  await using stage = await setStage({ boxes: false });
  await using opened = await openPage(browser, stage.url);
  await opened.page.getByText('No box is configured').waitFor();
  expect(opened.offences).toEqual([]);
});

test('before the first recognition, the page says what it waits for', async () => {
  await using stage = await setStage();
  await using opened = await openPage(browser, stage.url);
  await opened.page.getByText('Waiting for the first recognition').waitFor();
  expect(opened.offences).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'a phone shows it all in %s without scrolling sideways',
  async (colorScheme) => {
    await using stage = await setStage();
    await using opened = await openPage(browser, stage.url, {
      colorScheme,
      viewport: { width: 360, height: 740 },
    });
    const { page } = opened;
    await watched(stage.north);
    stage.north.emit({
      identityName: 'A rather long name of a field for a narrow screen',
      personType: 3,
    });
    await page.getByTestId('event').click();
    await page.getByRole('dialog').getByTestId('detail').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(widths[0]).toBe(widths[1]);
    expect(opened.offences).toEqual([]);
  },
);
