import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from '../../../../scripts/chromium/axe.ts';
import { launchBrowser, openPage, type WatchedPage } from '../../../../scripts/chromium/browser.ts';
import { pass } from '../support/pass.ts';
import { type Stage, setStage, watched } from '../support/stage.ts';

const TOKEN = 'a-token-that-is-long-enough';
const schemes = ['light', 'dark'] as const;
/** Where axe looks: colours do not depend on the language, nor the largest screen on the scheme. */
const looks = {
  en: [
    { width: 390, height: 844, schemes },
    { width: 1_440, height: 900, schemes },
    { width: 2_560, height: 1_440, schemes: ['light'] },
  ],
  ar: [
    { width: 390, height: 844, schemes: ['dark'] },
    { width: 1_440, height: 900, schemes: ['light'] },
  ],
} as const;
type Language = keyof typeof looks;
/** Where the layout changes, and between. */
const allWidths = [390, 520, 640, 768, 900, 1024, 1280, 1440, 1920, 2560];

/** The page says with an error on the console that it was refused before it signed in. */
const expected = /401|WebSocket connection to/;

let browser: Browser;
let stage: Stage;
let opened: WatchedPage;
let page: Page;

/** One page and one gateway for all. */
beforeAll(async () => {
  const more = {
    watch: [{ id: 'vip', title: 'A guest', severity: 'HIGH', personTypes: ['VIP'] }],
  };
  [browser, stage] = await Promise.all([launchBrowser(), setStage({ token: TOKEN, more })]);
  opened = await openPage(browser, stage.url, { expected, reducedMotion: 'reduce' });
  page = opened.page;
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await browser.close();
  await stage[Symbol.asyncDispose]();
});

/** What axe finds, with where it was found. */
async function found(view: string, part?: string): Promise<readonly string[]> {
  return (await violationsOf(page, part)).map((violation) => `${view}: ${violation}`);
}

/** What axe finds, and how far the page can be scrolled sideways at any width. */
async function foundEverywhere(
  view: string,
  language: Language,
  partAt = (_width: number): string => 'html',
) {
  const violations: string[] = [];
  for (const width of allWidths) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) violations.push(`${view} at ${width}: ${over} px too wide`);
  }
  for (const { width, height, schemes } of looks[language]) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      violations.push(...(await found(`${view}, ${colorScheme}, ${width}`, partAt(width))));
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  return violations;
}

const speak = (language: string) =>
  page.evaluate((tag) => localStorage.setItem('se5-language', tag), language);

const open = (search: string) => page.goto(`${stage.url}/${search}`);

test.each(['en', 'ar'] as const)(
  'axe finds nothing wrong with the sign-in in %s',
  async (language) => {
    await speak(language);
    await page.reload();
    await page.locator('input[type=password]').waitFor();
    expect(await foundEverywhere('sign-in', language)).toEqual([]);
  },
);

describe('signed in', () => {
  beforeAll(async () => {
    await page.locator('input[type=password]').fill(TOKEN);
    await page.locator('form button').click();
    await watched(stage.north);
    for (const personType of [1, 2, 3, 4, 5]) {
      pass(stage.north, `Type ${personType}`, { personType });
      await page
        .getByTestId('event')
        .filter({ hasText: `Type ${personType}` })
        .waitFor();
    }
  });

  test.each([
    ['en', 'ltr'],
    ['ar', 'rtl'],
  ] as const)(
    'axe finds nothing wrong with any view in %s, and none is too wide',
    async (language, dir) => {
      await speak(language);
      const event = page.getByTestId('event').first();
      const views = [
        ['', event],
        ['?view=alarms', page.getByTestId('alarm-row').first()],
        ['?view=history', event],
        ['?view=fleet', page.getByTestId('fleet-box').first()],
        ['?kiosk', event],
      ] as const;
      for (const [search, shown] of views) {
        await open(search);
        await shown.waitFor();
        expect(await page.locator('html').getAttribute('dir')).toBe(dir);
        expect(await foundEverywhere(search, language)).toEqual([]);
      }
      await open('');
      await event.click();
      await page.getByTestId('detail').waitFor();
      // The rest of the page is hidden under a dialog, its landmarks too.
      const part = (width: number) => (width < 1_024 ? 'dialog' : 'html');
      expect(await foundEverywhere('detail', language, part)).toEqual([]);
      expect(opened.offences).toEqual([]);
    },
  );

  test.each(schemes)(
    'axe finds nothing wrong with the wall in %s, whatever is chosen or open',
    async (colorScheme) => {
      await speak('en');
      await open('');
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const cards = page.getByTestId('event');
      // The pointer stays on the card, so it is both selected and hovered.
      for (const personType of [1, 2, 3, 4, 5]) {
        await cards.filter({ hasText: `Type ${personType}` }).click();
        expect(await found(`type ${personType}`)).toEqual([]);
      }
      await page.getByTestId('box').first().click();
      await page.getByRole('dialog', { name: 'North box' }).waitFor();
      expect(await found('box')).toEqual([]);
      await page.keyboard.press('Escape');

      for (const [button, item] of [
        ['Types', 'Visitor'],
        ['Language', 'Deutsch'],
      ] as const) {
        await page.getByRole('button', { name: button }).click();
        await page.getByRole('menu').getByText(item).waitFor();
        expect(await found(button)).toEqual([]);
        await page.keyboard.press('Escape');
      }
      expect(opened.offences).toEqual([]);
    },
  );
});
