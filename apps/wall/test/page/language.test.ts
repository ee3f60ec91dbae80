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

test('a language that does not load, or loads too late, leaves the page in another', async () => {
  const expected = /Failed to load resource|dynamically imported module/;
  await using opened = await openPage(browser, stage.url, { locale: 'de-AT', expected });
  const { page } = opened;
  const choose = async (button: RegExp, name: string) => {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('menuitemradio', { name }).click();
  };
  const shown = () =>
    page.evaluate(() => [document.documentElement.lang, localStorage.getItem('se5-language')]);
  await page.getByRole('button', { name: /^Sprache/ }).waitFor();
  await page.route('**/assets/{de,es}-*.js', (route) => route.abort());
  await page.reload();
  await page.getByRole('button', { name: /^Language/ }).waitFor();
  expect(await shown()).toEqual(['en', null]);

  const failed = page.waitForEvent('requestfailed');
  await choose(/^Language/, 'Español');
  await failed;
  expect(await shown()).toEqual(['en', null]);

  const slow = Promise.withResolvers<void>();
  await page.route('**/assets/ja-*.js', async (route) => {
    await slow.promise;
    await route.continue();
  });
  const asked = page.waitForRequest('**/assets/ja-*.js');
  await choose(/^Language/, '日本語');
  const file = (await asked).url();
  await choose(/^Language/, 'العربية');
  await page.getByRole('button', { name: /^اللغة/ }).waitFor();
  slow.resolve();
  await page.evaluate(`import(${JSON.stringify(file)}).then(() => undefined)`);
  expect(await shown()).toEqual(['ar', 'ar']);
  expect(opened.offences).toEqual([]);
});
