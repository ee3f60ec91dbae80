import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { violationsOf } from '../../../../scripts/chromium/axe.ts';
import { launchBrowser, openPage, type WatchedPage } from '../../../../scripts/chromium/browser.ts';
import { pass } from '../support/pass.ts';
import { type Stage, setStage, watched } from '../support/stage.ts';

let browser: Browser;
let stage: Stage;
let opened: WatchedPage;
let page: Page;

/** Of a day that is no day of the machine's clock: the box says when somebody was seen. */
const at = (time: string) => ({ timestamp: Date.parse(`2026-03-01T${time}:00Z`) });

beforeAll(async () => {
  [browser, stage] = await Promise.all([launchBrowser(), setStage()]);
  opened = await openPage(browser, stage.url, { reducedMotion: 'reduce' });
  page = opened.page;
  await watched(stage.north);
  pass(stage.north, 'In the morning', at('08:10'));
  pass(stage.north, 'At noon', at('12:05'));
  pass(stage.north, 'Also at noon', at('12:45'));
  pass(stage.north, 'In the evening', at('19:30'));
  await page.getByTestId('event').filter({ hasText: 'In the evening' }).waitFor();
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await browser.close();
  await stage[Symbol.asyncDispose]();
});
afterEach(() => expect(opened.offences).toEqual([]));

const names = () => page.getByTestId('event').locator('.text-base').allTextContents();

test('the history shows a day with its curve, and an hour of it leads the list there', async () => {
  await page.getByRole('button', { name: 'History' }).click();
  expect(new URL(page.url()).search).toBe('?view=history');
  await page.getByLabel('Day', { exact: true }).fill('2026-03-01');
  const hours = page.getByRole('list', { name: 'Recognitions by hour' }).getByRole('button');
  await expect.poll(() => hours.count()).toBe(24);
  await page.getByRole('button', { name: '12:00: 2 recognitions' }).click();
  await expect.poll(names).toEqual(['Also at noon', 'At noon', 'In the morning']);
  expect(await violationsOf(page)).toEqual([]);

  await page.reload();
  await expect.poll(names).toEqual(['Also at noon', 'At noon', 'In the morning']);
  await page.getByRole('button', { name: 'The day before' }).click();
  await page.getByText('Nothing was seen until then').waitFor();
  await page.getByRole('button', { name: 'The day after' }).click();
  await expect.poll(async () => (await names())[0]).toBe('In the evening');

  await page.getByTestId('event').getByText('At noon', { exact: true }).click();
  await page.getByRole('button', { name: 'All of this person' }).click();
  await expect.poll(names).toEqual(['At noon']);
});

test('the fleet shows each box at its site, with its cameras', async () => {
  await page.getByRole('button', { name: 'Fleet' }).click();
  const north = page.getByRole('region', { name: 'North', exact: true });
  await north.getByText(/live since \d\d:\d\d/).waitFor();
  for (const { name } of stage.north.devices) await north.getByText(name).waitFor();
  await north
    .getByText(/^\d+ (sec|min)\. ago$|^now$/)
    .first()
    .waitFor();
  expect(await page.getByTestId('fleet-box').count()).toBe(2);
  expect(await violationsOf(page)).toEqual([]);
});

test('a kiosk has nothing to operate, and holds nothing', async () => {
  await page.goto(`${stage.url}/?kiosk`);
  await watched(stage.north);
  await page.getByTestId('event').first().hover();
  pass(stage.north, 'Before the kiosk');
  await page.getByTestId('event').filter({ hasText: 'Before the kiosk' }).waitFor();
  expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0);
  expect(await page.getByRole('banner').count()).toBe(0);
});
