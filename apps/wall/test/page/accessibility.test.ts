import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from '../../../../scripts/chromium/axe.ts';
import { launchBrowser, openPage } from '../../../../scripts/chromium/browser.ts';
import { setStage, watched } from '../support/stage.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test.each(['light', 'dark'] as const)(
  'axe finds nothing wrong with the wall in %s, whatever is chosen or open',
  async (colorScheme) => {
    await using stage = await setStage();
    await using opened = await openPage(browser, stage.url, {
      colorScheme,
      reducedMotion: 'reduce',
    });
    const { page } = opened;
    await watched(stage.north);
    const cards = page.getByTestId('event');
    for (const personType of [1, 2, 3, 4, 5]) {
      stage.north.emit({ personType, identityName: `Type ${personType}` });
      await cards.filter({ hasText: `Type ${personType}` }).waitFor();
    }
    expect(await violationsOf(page)).toEqual([]);

    // The pointer stays on the card, so it is both selected and hovered.
    for (const personType of [1, 2, 3, 4, 5]) {
      await cards.filter({ hasText: `Type ${personType}` }).click();
      expect(await violationsOf(page)).toEqual([]);
    }

    await page.getByTestId('box').first().click();
    await page.getByRole('dialog', { name: 'North box' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Types' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Visitor' }).click();
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('dialog').getByTestId('detail').waitFor();
    // The rest of the page is hidden meanwhile, its landmarks too.
    expect(await violationsOf(page, 'dialog')).toEqual([]);
    expect(opened.offences).toEqual([]);
  },
);
