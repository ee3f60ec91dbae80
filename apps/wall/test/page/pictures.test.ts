import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from '../../../../scripts/chromium/browser.ts';
import { type Stage, setStage, watched } from '../support/stage.ts';

let browser: Browser;
let stage: Stage;
let opened: WatchedPage;
let page: Page;

/** On a machine that is busy, an address has expired before the browser asks; a gateway goes away. */
const expected = /net::ERR_|WebSocket connection to|status of (404|410)/;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  // Addresses are good for two to three seconds.
  stage = await setStage({ images: { urlExpiry: '2s' } });
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
const addresses = () =>
  cards()
    .getByRole('img', { name: 'Face at the device' })
    .evaluateAll((list) => list.map((image) => image.getAttribute('src')));

/** Of pictures that are on the page, how many have pixels. */
const loaded = (region = cards()) =>
  region
    .locator('img')
    .evaluateAll(
      (list) =>
        list.filter((image) => image instanceof HTMLImageElement && image.naturalWidth > 0).length,
    );

test('pictures stand while their addresses are renewed, with one query at a time', async () => {
  let [running, most] = [0, 0];
  const isRenewal = (text: string | null) => text?.includes('recognitionEventsAt') ?? false;
  page.on('request', (request) => {
    if (!isRenewal(request.postData())) return;
    running += 1;
    most = Math.max(most, running);
  });
  page.on('requestfinished', (request) => {
    if (isRenewal(request.postData())) running -= 1;
  });

  for (let count = 0; count < 4; count += 1) stage.north.emit({ personType: 2 });
  await expect.poll(() => loaded()).toBe(8);
  const before = await addresses();
  // In each frame from now on, pictures that are not there.
  await page.evaluate(() => {
    const look = () => {
      const images = [...document.querySelectorAll('[data-testid=event] img')];
      const there = images.filter(
        (image) => image instanceof HTMLImageElement && image.naturalWidth > 0,
      );
      if (there.length < 8) document.documentElement.setAttribute('data-flickered', '');
      requestAnimationFrame(look);
    };
    look();
  });
  await expect
    .poll(async () => (await addresses()).filter((address, index) => address === before[index]))
    .toEqual([]);

  expect(await page.locator('html[data-flickered]').count()).toBe(0);
  expect(most).toBe(1);
});

test('the scene of an event is there when it is chosen after its address has expired', async () => {
  stage.north.emit({ personType: 2 });
  await expect.poll(() => loaded()).toBe(2);
  const [first] = await addresses();
  const status = async () =>
    (await fetch(new URL(first ?? '', stage.url), { method: 'HEAD' })).status;
  await expect.poll(status).toBe(410);
  await cards().click();
  const detail = page.getByTestId('detail');
  await expect.poll(() => loaded(detail)).toBe(3);
});

test('a picture that is gone is shown as missing, whether it stood or not', async () => {
  stage.north.emit({ personType: 2 });
  await expect.poll(() => loaded()).toBe(2);
  await stage.stopGateway();
  await stage.startGateway();
  await expect.poll(() => loaded()).toBe(0);
  await cards().getByRole('img', { name: 'Face at the device: no picture' }).waitFor();
});
