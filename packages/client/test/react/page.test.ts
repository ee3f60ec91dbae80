import type { Browser, Page, WebSocket } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../../../../scripts/chromium/browser.ts';
import { createClient } from '../../src/index.ts';
import { type ReactStage, setReactStage } from '../support/react-stage.ts';

let browser: Browser;
let stage: ReactStage;

beforeAll(async () => {
  [browser, stage] = await Promise.all([launchBrowser(), setReactStage()]);
});
afterAll(async () => {
  await browser.close();
  await stage[Symbol.asyncDispose]();
});

const VISITOR = 2;
const VIP = 5;
const emit = (...names: readonly string[]) => {
  for (const identityName of names) stage.box.emit({ personType: VISITOR, identityName });
};

/** A page of its own that shows live events. */
async function openLive() {
  const opened = await openPage(browser, 'about:blank', {
    hosts: [new URL(stage.url).host],
    // What a browser says while the gateway is away, and React of an error that is caught.
    expected: /WebSocket connection|Failed to load resource|ClientError/,
  });
  const { page, offences } = opened;
  const sockets: WebSocket[] = [];
  /** The subscriptions that the page began. */
  const begun: string[] = [];
  /** The events that it received. */
  const received: string[] = [];
  page.on('websocket', (socket) => {
    sockets.push(socket);
    socket.on('framesent', ({ payload }) => {
      const text = payload.toString();
      if (text.includes('"type":"subscribe"')) begun.push(text);
    });
    socket.on('framereceived', ({ payload }) => {
      const text = payload.toString();
      if (text.includes('"recognitionEvents":')) received.push(text);
    });
  });
  await page.goto(stage.url);
  await isLive(page);
  return {
    page,
    sockets,
    begun,
    received,
    [Symbol.asyncDispose]: async () => {
      await opened[Symbol.asyncDispose]();
      expect(offences).toEqual([]);
    },
  };
}

const isLive = (page: Page) =>
  page.getByRole('status').getByText('live', { exact: true }).waitFor();

const picturesWanted = (wanted: boolean) =>
  stage.box.until(({ configurations }) => configurations.at(-1)?.needFace === wanted);

const shows = (page: Page, ...names: readonly string[]) =>
  expect.poll(() => page.getByRole('listitem').allTextContents()).toEqual(names);

/** Who came last, as the gateway tells. */
const newest = async () => {
  await using client = createClient({ url: stage.gateway });
  return (await client.history({ last: 1 })).events[0]?.identityName;
};

const press = (page: Page, name: string) => page.getByRole('button', { name }).click();

test('events come once and newest first under StrictMode, and the list is bounded', async () => {
  await using live = await openLive();
  const { page, begun } = live;
  emit('A', 'B');
  await shows(page, 'B', 'A');
  emit('C', 'D');
  await shows(page, 'D', 'C', 'B');
  // Each rendering passed other objects that are deep-equal.
  expect(begun).toHaveLength(1);
  await press(page, 'Clear');
  await shows(page);
  emit('E');
  await shows(page, 'E');
});

// While they are held, no frame begins, and no timer stands in for one.
const HOLD_FRAMES = `
  const { requestAnimationFrame: request, setTimeout: delay } = window;
  const held = [];
  window.requestAnimationFrame = (callback) => held.push(callback);
  window.setTimeout = () => 0;
  window.releaseFrames = () => {
    Object.assign(window, { requestAnimationFrame: request, setTimeout: delay });
    for (const callback of held) callback();
  };
  se5.commits.count = 0;`;

// Its answer comes over the same socket, behind all that the page has received.
const PASS_THROUGH = `new Promise((resolve) => {
  se5.session.client.boxStatus().subscribe({ next: () => resolve() });
})`;

test('events that come within a frame are rendered together', async () => {
  await using live = await openLive();
  const { page, received } = live;
  await page.evaluate(`{${HOLD_FRAMES}}`);
  const burst = Array.from({ length: 100 }, (_, index) => `Visitor ${index}`);
  emit(...burst);
  await expect.poll(() => received.length).toBe(burst.length);
  await page.evaluate(PASS_THROUGH);
  await page.evaluate('releaseFrames()');
  await shows(page, 'Visitor 99', 'Visitor 98', 'Visitor 97');
  expect(await page.evaluate('se5.commits.count')).toBe(1);
});

test('a restart of the gateway loses nothing, and nothing comes twice', async () => {
  await using live = await openLive();
  const { page, sockets } = live;
  emit('Before');
  await shows(page, 'Before');
  const lost = sockets[0]?.waitForEvent('close');
  await stage.restart();
  await lost;
  // The page may be back by now, or not yet.
  emit('After 1');
  await isLive(page);
  emit('After 2');
  await shows(page, 'After 2', 'After 1', 'Before');
});

test('a component that is gone has left the gateway', async () => {
  await using live = await openLive();
  const { page } = live;
  await picturesWanted(true);
  await press(page, 'Nothing');
  await picturesWanted(false);
});

test('a provider disposes of its client when it is gone, and makes another one when it is back', async () => {
  await using live = await openLive();
  const { page } = live;
  const state = () => page.evaluate('se5.session.client.state.name');
  await press(page, 'Hide or show');
  await expect.poll(state).toBe('stopped');
  await press(page, 'Hide or show');
  await expect.poll(state).toBe('live');
  emit('Back');
  await shows(page, 'Back');
  await page.evaluate('unmount()');
  await expect.poll(state).toBe('stopped');
});

test('the history is read page by page, up to its limit', async () => {
  await using live = await openLive();
  const { page } = live;
  emit('1', '2', '3', '4', '5', '6');
  await shows(page, '6', '5', '4');
  await press(page, 'History');
  await shows(page, '6', '5');
  await press(page, 'Older');
  await shows(page, '6', '5', '4', '3');
  await press(page, 'Older');
  await shows(page, '6', '5', '4', '3', '2');
  expect(await page.getByRole('button', { name: 'Older' }).count()).toBe(0);
  emit('7');
  await expect.poll(newest).toBe('7');
  await press(page, 'Newest');
  await shows(page, '7', '6');
});

test('boxes come with their state, and an error is a value, unless it is to be thrown', async () => {
  await using live = await openLive();
  const { page } = live;
  emit('A');
  await press(page, 'Boxes');
  await page.getByText('Lobby is LIVE').waitFor();
  await press(page, 'Broken');
  await page.getByText('INVALID_CURSOR').waitFor();
  await press(page, 'Thrown');
  await page.getByText('caught ClientError').waitFor();
});

test('an alarm that one page answers changes on another', async () => {
  await using first = await openLive();
  await using second = await openLive();
  const desk = first.page.getByRole('listitem');
  const guard = second.page.getByRole('listitem');
  await press(first.page, 'Alarms');
  stage.box.emit({ personType: VIP, identityId: '1', identityName: 'Guest' });
  await desk.getByText('Guest OPEN').waitFor();
  // This page reads the alarm from the history, the other one was told.
  await press(second.page, 'Alarms');
  await guard.getByText('Guest OPEN').waitFor();
  await desk.getByRole('button', { name: 'Acknowledge' }).click();
  await guard.getByText('Guest ACKNOWLEDGED Desk').waitFor();
  await guard.getByRole('button', { name: 'Note' }).click();
  await desk.getByText('Guest ACKNOWLEDGED Desk Let in').waitFor();
  await desk.getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => guard.count()).toBe(0);
  await expect.poll(() => desk.count()).toBe(0);
});
