import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from '../../../../scripts/chromium/browser.ts';
import { type Stage, setStage, watched } from '../support/stage.ts';

let browser: Browser;
let stage: Stage;
let opened: WatchedPage;
let page: Page;

/** Without a gateway the browser itself says that it can't connect. */
const expected = /ERR_CONNECTION_REFUSED|WebSocket connection to/;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  stage = await setStage();
  opened = await openPage(browser, stage.url, { expected });
  page = opened.page;
  await Promise.all([watched(stage.north), watched(stage.south)]);
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
  expect(opened.offences).toEqual([]);
});

const cards = () => page.getByTestId('event');
const names = () => cards().locator('.text-base').allTextContents();
const choose = async (menu: string, option: string) => {
  await page.getByRole('button', { name: menu }).click();
  await page.getByRole('menuitemcheckbox', { name: option }).click();
  await page.keyboard.press('Escape');
};

describe('the stream', () => {
  test('shows a recognition with its two pictures, its name, its device and its site', async () => {
    stage.north.emit({ identityName: 'Visitor 12', personType: 2 });
    const card = cards().filter({ hasText: 'Visitor 12' });
    await card.waitFor();
    expect(await card.textContent()).toContain('North');
    const pictures = card.getByRole('img');
    await expect
      .poll(() =>
        pictures.evaluateAll((list) =>
          list.map((one) => one instanceof HTMLImageElement && one.naturalWidth > 0),
        ),
      )
      .toEqual([true, true]);
  });

  test('puts the newest first', async () => {
    for (const identityName of ['First', 'Second', 'Third']) stage.north.emit({ identityName });
    await cards().nth(2).waitFor();
    expect(await names()).toEqual(['Third', 'Second', 'First']);
  });

  test('marks each person type with a word', async () => {
    for (const personType of [1, 2, 3, 4, 5]) stage.north.emit({ personType });
    await cards().nth(4).waitFor();
    const text = (await cards().allTextContents()).join(' ');
    for (const word of ['Employee', 'Visitor', 'Blacklist', 'Stranger', 'VIP']) {
      expect(text).toContain(word);
    }
  });

  test('begins with what has just happened, when the page is opened later', async () => {
    stage.north.emit({ identityName: 'The only one so far' });
    await cards().waitFor();
    await page.reload();
    await cards().waitFor();
    expect(await names()).toEqual(['The only one so far']);
  });

  test('keeps few nodes in the document however much comes, and shows the newest', async () => {
    for (let burst = 0; burst < 20; burst += 1) {
      for (let one = 0; one < 50; one += 1) stage.north.emit();
      await stage.north.until(({ sent }) => sent.length >= (burst + 1) * 50);
    }
    stage.north.emit({ identityName: 'The last one' });
    await cards().filter({ hasText: 'The last one' }).waitFor();
    expect(await cards().count()).toBeLessThan(40);
  });

  test('stays where the reader is when more comes in above', async () => {
    for (let count = 0; count < 40; count += 1)
      stage.north.emit({ identityName: `Person ${count}` });
    await cards().filter({ hasText: 'Person 39' }).waitFor();
    const scroller = page.getByRole('region', { name: 'Stream' });
    await scroller.evaluate((element) => element.scrollTo({ top: 2_000 }));
    const middle = cards().filter({ hasText: 'Person 17' });
    await middle.waitFor();
    const before = await middle.boundingBox();
    const height = await scroller.evaluate((element) => element.scrollHeight);
    for (let count = 0; count < 5; count += 1) stage.north.emit();
    await expect
      .poll(() => scroller.evaluate((element) => element.scrollHeight))
      .toBeGreaterThan(height);
    expect((await middle.boundingBox())?.y).toBeCloseTo(before?.y ?? -1, 0);
  });
});

describe('the controls', () => {
  test('filter by site, device and person type, and give back what they hid', async () => {
    stage.north.emit({ identityName: 'North visitor', personType: 2 });
    stage.north.emit({ identityName: 'North employee', personType: 1 });
    stage.south.emit({ identityName: 'South visitor', personType: 2 });
    await cards().nth(2).waitFor();

    await choose('Sites', 'North');
    await expect.poll(names).not.toContain('South visitor');
    await choose('Types', 'Visitor');
    await expect.poll(names).toEqual(['North visitor']);
    expect(new URL(page.url()).search).toBe('?site=north&type=VISITOR');

    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(async () => (await names()).length).toBe(3);

    const [first, second] = stage.north.devices;
    if (!first || !second) throw new Error('the stage has two devices in the north');
    stage.north.emit({ deviceId: first.deviceId, identityName: 'At the first' });
    stage.north.emit({ deviceId: second.deviceId, identityName: 'At the second' });
    await cards().nth(4).waitFor();
    await choose('Devices', `${first.name}, North`);
    await expect.poll(names).toContain('At the first');
    expect(await names()).not.toContain('At the second');
  });

  test('pause with a count of what is waiting, and show it afterwards', async () => {
    stage.north.emit({ identityName: 'Before' });
    await cards().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    for (let count = 0; count < 3; count += 1) stage.north.emit({ identityName: 'While paused' });
    await expect.poll(() => page.getByTestId('waiting').textContent()).toContain('3 waiting');
    expect(await names()).toEqual(['Before']);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(async () => (await names()).length).toBe(4);
  });

  test('work by keyboard alone', async () => {
    stage.north.emit({ identityName: 'Reached by keyboard' });
    await cards().waitFor();
    const onCard = () =>
      page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'event');
    for (let presses = 0; presses < 20 && !(await onCard()); presses += 1) {
      await page.keyboard.press('Tab');
    }
    expect(await onCard()).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByTestId('detail').getByText('Reached by keyboard').waitFor();
  });
});

describe('what goes wrong', () => {
  test('a box that dies shows as unreachable', async () => {
    const box = page.getByTestId('box').filter({ hasText: 'South box' });
    await box.and(page.locator('[data-state-name=LIVE]')).waitFor();
    await stage.south[Symbol.asyncDispose]();
    await box.and(page.locator('[data-state-name=BACKING_OFF]')).waitFor();
    await box.click();
    await page.getByText('Last error').waitFor();
  });

  test('a gateway restart recovers without a reload or a doubled card, and says what it missed', async () => {
    stage.north.emit({ identityName: 'Before the restart' });
    await cards().waitFor();
    await page.evaluate(() => document.documentElement.setAttribute('data-same-page', ''));

    await stage.stopGateway();
    await page.locator('[data-testid=connection][data-state-name=waiting]').waitFor();
    await stage.startGateway();
    await page.locator('[data-testid=connection][data-state-name=live]').waitFor();
    await watched(stage.north);
    stage.north.emit({ identityName: 'After the restart' });

    await cards().filter({ hasText: 'After the restart' }).waitFor();
    await page
      .getByTestId('gap')
      .filter({ hasText: 'journal was restored or began anew' })
      .waitFor();
    expect(await names()).toEqual(['After the restart', 'Before the restart']);
    expect(await page.locator('html[data-same-page]').count()).toBe(1);
  });
});
