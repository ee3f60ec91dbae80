import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from '../../../../scripts/chromium/browser.ts';
import { pass } from '../support/pass.ts';
import { type Stage, setStage, watched } from '../support/stage.ts';

let browser: Browser;
let stage: Stage;
let opened: WatchedPage;
let page: Page;

/** One page and one gateway for all: what a test leaves is history to the next. */
beforeAll(async () => {
  [browser, stage] = await Promise.all([launchBrowser(), setStage()]);
  opened = await openPage(browser, stage.url);
  page = opened.page;
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await browser.close();
  await stage[Symbol.asyncDispose]();
});

const open = async (search = '') => {
  await page.mouse.move(0, 0);
  await page.goto(`${stage.url}/${search}`);
  await page.locator('[data-testid=connection][data-state-name=live]').waitFor();
  await Promise.all([watched(stage.north), watched(stage.south)]);
};
beforeEach(() => open());
afterEach(() => expect(opened.offences).toEqual([]));

const cards = () => page.getByTestId('event');
const card = (name: string) => cards().filter({ hasText: name });
const detailOf = (name: string) => page.getByTestId('detail').getByRole('heading', { name });
const names = () => cards().locator('.text-base').allTextContents();
const scroller = () => page.getByRole('region', { name: 'Stream' });
const choose = async (menu: string, option: string) => {
  await page.getByRole('button', { name: menu }).click();
  await page.getByRole('menuitemcheckbox', { name: option }).click();
  await page.keyboard.press('Escape');
};

describe('the stream', () => {
  test('shows a recognition with its two pictures, its name, its device and its site', async () => {
    pass(stage.north, 'Visitor 12', { personType: 2 });
    await card('Visitor 12').waitFor();
    expect(await card('Visitor 12').textContent()).toContain('North');
    const pictures = card('Visitor 12').getByRole('img');
    await expect
      .poll(() =>
        pictures.evaluateAll((list) =>
          list.map((one) => one instanceof HTMLImageElement && one.naturalWidth > 0),
        ),
      )
      .toEqual([true, true]);
  });

  test('puts the newest first, also when the page is opened later', async () => {
    for (const name of ['First', 'Second', 'Third']) pass(stage.north, name);
    await card('Third').waitFor();
    await expect
      .poll(async () => (await names()).slice(0, 3))
      .toEqual(['Third', 'Second', 'First']);
    await open();
    await expect
      .poll(async () => (await names()).slice(0, 3))
      .toEqual(['Third', 'Second', 'First']);
  });

  test('marks each person type with a word', async () => {
    const words = ['Employee', 'Visitor', 'Blacklist', 'Stranger', 'VIP'];
    for (const [index, word] of words.entries()) {
      pass(stage.north, `A ${word}`, { personType: index + 1 });
    }
    for (const word of words) await card(`A ${word}`).getByText(word, { exact: true }).waitFor();
  });

  test('counts the sightings of one person at one device on one card', async () => {
    const [first, second] = stage.north.devices;
    for (const device of [first, first, second, first]) {
      pass(stage.north, 'Back again', { deviceId: device?.deviceId ?? '' });
    }
    await expect.poll(() => card('Back again').count()).toBe(2);
    await card('Back again').filter({ hasText: 'seen 3 times' }).waitFor();
  });

  test('stands still while the pointer is in it, and says how much is new', async () => {
    for (let count = 0; count < 3; count += 1) pass(stage.north, `Standing ${count}`);
    await card('Standing 2').waitFor();
    const before = await card('Standing 2').boundingBox();
    await card('Standing 0').hover();
    for (let count = 0; count < 4; count += 1) pass(stage.north, `Meanwhile ${count}`);
    await page.getByRole('button', { name: '4 new' }).waitFor();
    expect(await card('Standing 2').boundingBox()).toEqual(before);
    expect(await card('Meanwhile 0').count()).toBe(0);
    await page.getByRole('button', { name: '4 new' }).click();
    await card('Meanwhile 3').waitFor();
    pass(stage.north, 'Comes when it leaves');
    await page.getByRole('button', { name: '1 new' }).waitFor();
    await page.mouse.move(0, 0);
    await card('Comes when it leaves').waitFor();
  });
});

describe('history', () => {
  beforeAll(async () => {
    await open();
    pass(stage.south, 'The only one of the south', { personType: 5 });
    for (let count = 0; count < 130; count += 1) pass(stage.north, `Passer ${count}`);
    await card('Passer 129').waitFor();
  });

  test('is asked for by the filters: what matches is found however much came since', async () => {
    await open('?type=VIP');
    await card('The only one of the south').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await card('Passer 129').waitFor();
    await choose('Sites', 'South');
    await card('The only one of the south').waitFor();
    expect(new URL(page.url()).search).toBe('?site=south');
    const { name = '' } = stage.south.devices[0] ?? {};
    await choose('Devices', `${name}, South`);
    await card('The only one of the south').waitFor();
    pass(stage.north, 'Hidden by the filter');
    pass(stage.south, 'Let through by the filter');
    await card('Let through by the filter').waitFor();
    expect(await card('Hidden by the filter').count()).toBe(0);
  });

  test('comes in as one scrolls down, and the document stays small', async () => {
    await open('?site=north');
    await card('Passer 129').waitFor();
    const end = page.getByText('The gateway keeps or shows nothing older');
    const down = () => scroller().evaluate((element) => element.scrollTo({ top: 1e9 }));
    await expect
      .poll(async () => {
        await down();
        return end.isVisible();
      })
      .toBe(true);
    await card('Visitor 12').waitFor();
    expect(await cards().count()).toBeLessThan(40);
    pass(stage.north, 'While reading old ones');
    await page.getByRole('button', { name: '1 new' }).click();
    await card('While reading old ones').waitFor();
  });

  test('of a filter that matches nothing says so', async () => {
    await open('?device=no-such-device');
    await page.getByText('Nothing here matches').waitFor();
  });
});

describe('alarms', () => {
  test('stay in view while others come, until they are marked as seen', async () => {
    const alarms = page.getByTestId('alarm').filter({ hasText: 'Not welcome' });
    pass(stage.north, 'Not welcome', { personType: 3 });
    await alarms.waitFor();
    for (let count = 0; count < 60; count += 1) pass(stage.south, `Crowd ${count}`);
    await card('Crowd 59').waitFor();
    expect(await card('Not welcome').count()).toBe(0);
    await alarms.click();
    await detailOf('Not welcome').waitFor();
    await page.getByRole('button', { name: 'Mark as seen' }).click();
    await alarms.waitFor({ state: 'detached' });
  });
});

describe('the controls', () => {
  test('pause with a count of what is waiting, and show it afterwards', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    for (let count = 0; count < 3; count += 1) pass(stage.north, `While paused ${count}`);
    await expect.poll(() => page.getByTestId('waiting').textContent()).toContain('3 waiting');
    expect(await card('While paused').count()).toBe(0);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => card('While paused').count()).toBe(3);
  });

  test('work by keyboard alone: Tab and Enter, j and k, and Escape', async () => {
    for (const name of ['Third key', 'Second key', 'First key']) pass(stage.north, name);
    await card('First key').waitFor();
    const onCard = () =>
      page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'event');
    for (let presses = 0; presses < 30 && !(await onCard()); presses += 1) {
      await page.keyboard.press('Tab');
    }
    expect(await onCard()).toBe(true);
    await page.keyboard.press('Enter');
    await detailOf('First key').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await detailOf('Third key').waitFor();
    await page.keyboard.press('k');
    await detailOf('Second key').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('detail').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  test('lead by an address to one event, also when it is no more on the wall', async () => {
    pass(stage.north, 'Linked to');
    await card('Linked to').click();
    const address = page.url();
    expect(new URL(address).searchParams.get('event')).not.toBeNull();
    await open(`${new URL(address).search}&type=VIP`);
    await detailOf('Linked to').waitFor();
    await open('?event=no-such-event');
    await page.getByText('does not keep this recognition').waitFor();
  });

  test('show more rows when they are dense, and remember it', async () => {
    await page.getByRole('button', { name: 'Dense rows' }).click();
    const height = async () => (await cards().first().boundingBox())?.height ?? 0;
    expect(await height()).toBeLessThan(60);
    await open();
    expect(await height()).toBeLessThan(60);
    await page.getByRole('button', { name: 'Dense rows' }).click();
  });
});
