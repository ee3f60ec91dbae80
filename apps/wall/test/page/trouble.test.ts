import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from '../../../../scripts/chromium/browser.ts';
import { pass } from '../support/pass.ts';
import { type Stage, setStage, watched } from '../support/stage.ts';

let browser: Browser;
let stage: Stage;
let opened: WatchedPage;
let page: Page;

/** Without a gateway the browser itself says that it can't connect. */
const expected = /ERR_CONNECTION_REFUSED|WebSocket connection to/;

beforeAll(async () => {
  [browser, stage] = await Promise.all([launchBrowser(), setStage()]);
  opened = await openPage(browser, stage.url, { expected });
  page = opened.page;
  await Promise.all([watched(stage.north), watched(stage.south)]);
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await browser.close();
  await stage[Symbol.asyncDispose]();
});

const cards = () => page.getByTestId('event');
const boxes = (state: string) => page.locator(`[data-testid=box][data-state-name=${state}]`);

test('a gateway that is away is said in large, and its boxes are not known to be well', async () => {
  pass(stage.north, 'Before the restart');
  await cards().waitFor();
  await expect.poll(() => boxes('LIVE').count()).toBe(2);
  await page.evaluate(() => document.documentElement.setAttribute('data-same-page', ''));

  await stage.stopGateway();
  await page.getByTestId('lost').waitFor();
  expect(await boxes('UNKNOWN').count()).toBe(2);
  expect(await page.getByTestId('box').allTextContents()).toEqual(
    ['North box', 'South box'].map((name) => `${name}unknown`),
  );

  await stage.startGateway();
  await page.getByTestId('lost').waitFor({ state: 'detached' });
  await watched(stage.north);
  pass(stage.north, 'After the restart');
  await cards().filter({ hasText: 'After the restart' }).waitFor();
  // The gateway's journal was in memory: what the page does not have twice, and what it misses.
  await page.getByTestId('gap').filter({ hasText: 'journal was restored or began anew' }).waitFor();
  expect(await cards().locator('.text-base').allTextContents()).toEqual([
    'After the restart',
    'Before the restart',
  ]);
  expect(await page.locator('html[data-same-page]').count()).toBe(1);
  expect(opened.offences).toEqual([]);
});

test('a box that dies comes first, and how many are down since when', async () => {
  await stage.south[Symbol.asyncDispose]();
  await boxes('BACKING_OFF').waitFor();
  const first = page.getByTestId('box').first();
  expect(await first.textContent()).toContain('South box');
  await page.getByText(/^1 of 2 down since \d\d:\d\d$/).waitFor();
  await first.click();
  await page.getByText('Last error').waitFor();
  expect(opened.offences).toEqual([]);
});
