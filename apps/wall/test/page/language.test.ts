import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../../../../scripts/chromium/browser.ts';
import { pass } from '../support/pass.ts';
import { type Stage, setStage, watched } from '../support/stage.ts';

let browser: Browser;
let stage: Stage;

beforeAll(async () => {
  [browser, stage] = await Promise.all([launchBrowser(), setStage()]);
});
afterAll(async () => {
  await browser.close();
  await stage[Symbol.asyncDispose]();
});

test('the page is in the language of the browser until another one is chosen, which it keeps', async () => {
  await using opened = await openPage(browser, stage.url, { locale: 'ar-EG' });
  const { page } = opened;
  const html = page.locator('html');
  const loaded = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .flatMap(({ name }) => /assets\/(ar|de|en|es|ja|zh-Hans)-[^/]*\.js$/.exec(name)?.[1] ?? []),
    );
  await watched(stage.north);
  pass(stage.north, 'Visitor 12', { personType: 2 });
  const card = page.getByTestId('event');
  await card.getByText('زائر').waitFor();
  expect(await html.getAttribute('lang')).toBe('ar');
  expect(await html.getAttribute('dir')).toBe('rtl');
  expect(await page.title()).toBe('جدار الأحداث');
  expect(await loaded()).toEqual(['ar']);
  // Lines begin on the right: the picture is on the right of the time.
  const [picture, time] = [card.getByRole('img').first(), card.locator('time')];
  const left = async (part: typeof time) => (await part.boundingBox())?.x ?? 0;
  expect(await left(picture)).toBeGreaterThan(await left(time));

  await page.getByRole('button', { name: /^اللغة/ }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await card.getByText('Besucher').waitFor();
  expect(await html.getAttribute('dir')).toBe('ltr');
  expect(await loaded()).toEqual(['ar', 'de']);
  await page.reload();
  await card.getByText('Besucher').waitFor();
  expect(await html.getAttribute('lang')).toBe('de');
  expect(await loaded()).toEqual(['de']);
  expect(opened.offences).toEqual([]);
});
