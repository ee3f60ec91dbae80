import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { violationsOf } from '../../../../scripts/chromium/axe.ts';
import { launchBrowser, openPage, type WatchedPage } from '../../../../scripts/chromium/browser.ts';
import { pass } from '../support/pass.ts';
import { type Stage, setStage, watched } from '../support/stage.ts';

const BLACKLIST = 3;
const STRANGER = 4;
const fields = ['identity', 'face', 'scene', 'registered'];
const names = ['desk', 'gate', 'lobby'];
const tokenOf = (name: string) => `the-token-of-the-${name}`;

/** The page says with an error on the console that it was refused before it signed in. */
const expected = /401|WebSocket connection to/;

let browser: Browser;
let stage: Stage;
let desk: WatchedPage;
let gate: WatchedPage;

async function signIn(name: string): Promise<WatchedPage> {
  const opened = await openPage(browser, `${stage.url}/?view=alarms`, {
    expected,
    reducedMotion: 'reduce',
  });
  await opened.page.getByLabel('Access token').fill(tokenOf(name));
  await opened.page.getByRole('button', { name: 'Connect' }).click();
  await opened.page.getByRole('button', { name: 'Sign out' }).waitFor();
  return opened;
}

const rows = (page: Page) => page.getByTestId('alarm-row');
const rowOf = (page: Page, who: string) => rows(page).filter({ hasText: who });
const stateOf = (page: Page, who: string) => () => rowOf(page, who).getAttribute('data-state-name');

beforeAll(async () => {
  const more = {
    watch: [
      {
        id: 'blacklist',
        title: 'Blacklisted person',
        severity: 'CRITICAL',
        personTypes: ['BLACKLIST'],
      },
      { id: 'stranger', title: 'Stranger', severity: 'LOW', personTypes: ['STRANGER'] },
    ],
    access: {
      tokens: names.map((name) => ({ name, role: name, token: tokenOf(name) })),
      roles: { desk: { fields, answer: true }, gate: { fields, answer: true }, lobby: { fields } },
    },
  };
  [browser, stage] = await Promise.all([launchBrowser(), setStage({ more })]);
  [desk, gate] = await Promise.all([signIn('desk'), signIn('gate')]);
  await watched(stage.north);
});
afterAll(async () => {
  await desk[Symbol.asyncDispose]();
  await gate[Symbol.asyncDispose]();
  await browser.close();
  await stage[Symbol.asyncDispose]();
});
afterEach(() => expect([desk.offences, gate.offences]).toEqual([[], []]));

test('what one takes and closes by keyboard, another sees, also after a reload', async () => {
  const { page } = desk;
  await page.getByText('No alarm is open').waitFor();
  pass(stage.north, '', { identityId: '', personType: STRANGER });
  await rows(page).waitFor();
  pass(stage.north, 'Not welcome', { personType: BLACKLIST });
  pass(stage.north, 'Not welcome', { personType: BLACKLIST });
  for (const each of [page, gate.page]) {
    await rowOf(each, 'Not welcome').getByText('2 events').waitFor();
    expect(await rows(each).first().textContent()).toContain('Not welcome');
    await expect.poll(() => each.title()).toBe('(2) Event wall');
    await each.getByRole('button', { name: 'Alarms 2 open' }).waitFor();
  }

  await page.keyboard.press('j');
  await page.keyboard.press('t');
  await rowOf(gate.page, 'Not welcome').getByText('Taken by desk').waitFor();
  await expect.poll(() => gate.page.title()).toBe('(1) Event wall');
  await gate.page.reload();
  await expect.poll(stateOf(gate.page, 'Not welcome')).toBe('ACKNOWLEDGED');
  expect(await rows(gate.page).count()).toBe(2);

  await page.keyboard.press('n');
  await page.keyboard.type('Went to look');
  await page.keyboard.press('Enter');
  await rowOf(gate.page, 'Not welcome').getByText('Went to look').waitFor();
  await page.keyboard.press('c');
  await page.keyboard.type('A guest of the plant');
  await page.keyboard.press('Enter');
  await gate.page.getByText('Closed 1').click();
  await rowOf(gate.page, 'Not welcome').getByText('A guest of the plant').waitFor();
  await rowOf(gate.page, 'Not welcome').getByText('Closed by desk').waitFor();
});

test('says in the row who was faster', async () => {
  const { page } = gate;
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('acknowledgeAlarm')) {
      await rowOf(desk.page, 'Unknown person').getByRole('button', { name: 'Take' }).click();
      await expect.poll(stateOf(desk.page, 'Unknown person')).toBe('ACKNOWLEDGED');
    }
    await route.continue();
  });
  await rowOf(page, 'Unknown person').getByRole('button', { name: 'Take' }).click();
  await page.getByText('Somebody was faster: desk has taken it.').waitFor();
  await page.unroute('**/graphql');
});

test('a role that may not answer is told so, and has no buttons', async () => {
  await using lobby = await signIn('lobby');
  const { page } = lobby;
  await page.getByText('your role does not answer them').waitFor();
  await rowOf(page, 'Unknown person').waitFor();
  expect(
    await rows(page)
      .getByRole('button', { name: /Take|Note|Close/ })
      .count(),
  ).toBe(0);
  expect(await stateOf(desk.page, 'Unknown person')()).toBe('ACKNOWLEDGED');
  expect(lobby.offences).toEqual([]);
});

test('a new alarm sounds, and its dock in the live view leads to it', async () => {
  const { page } = gate;
  await page.evaluate(() => {
    const { documentElement } = document;
    documentElement.dataset['tones'] = '';
    window.AudioContext = class extends AudioContext {
      constructor() {
        super();
        documentElement.dataset['tones'] += '!';
      }
    };
  });
  const tones = () => page.locator('html').getAttribute('data-tones');
  await page.getByRole('button', { name: 'Live', exact: true }).click();
  pass(stage.south, 'At the gate', { personType: BLACKLIST });
  await page.getByText('1 open alarm').waitFor();
  expect(await tones()).toBe('!');
  await page.getByRole('button', { name: 'Show alarms' }).click();
  await rowOf(page, 'At the gate').waitFor();

  await page.getByRole('button', { name: 'Sound', pressed: true }).click();
  pass(stage.south, 'At the gate too', { personType: BLACKLIST });
  await rowOf(page, 'At the gate too').waitFor();
  expect(await tones()).toBe('!');
});

test('alarms hold still under the pointer, and say how many are new', async () => {
  const { page } = desk;
  await page.mouse.move(0, 0);
  const row = rowOf(page, 'At the gate too');
  await row.hover();
  const before = await row.boundingBox();
  pass(stage.north, 'While one points', { personType: BLACKLIST });
  const fresh = page.getByRole('button', { name: '1 new' });
  await fresh.waitFor();
  await rowOf(gate.page, 'At the gate too').getByRole('button', { name: 'Take' }).click();
  await row.getByText('Taken by gate').waitFor();
  expect((await row.boundingBox())?.y).toBe(before?.y);
  expect(await rowOf(page, 'While one points').count()).toBe(0);
  await fresh.click();
  await rowOf(page, 'While one points').waitFor();
  await page.mouse.move(0, 0);
});

test('the icon of the tab has the number of open alarms', async () => {
  const { page } = desk;
  const icon = page.locator('link[rel=icon]');
  await expect.poll(() => page.title()).toBe('(2) Event wall');
  expect(await icon.getAttribute('href')).toBe('icon-2.svg');
  const { status, headers } = await fetch(`${stage.url}/icon-2.svg`);
  expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
});

test('a note that is being written outlives its alarm and the choice of another', async () => {
  const { page } = desk;
  const row = rowOf(page, 'While one points');
  await row.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.type('He was let in');
  await page.mouse.move(0, 0);
  const other = rowOf(gate.page, 'While one points');
  await other.getByRole('button', { name: 'Close' }).click();
  await gate.page.keyboard.press('Enter');
  await row.getByText('gate has closed this alarm while you were writing.').waitFor();
  pass(stage.north, 'Meanwhile', { personType: BLACKLIST });
  await page.getByRole('button', { name: '1 new' }).click();
  await page.getByText('Closed meanwhile 1').waitFor();
  await rowOf(page, 'Meanwhile').getByRole('button', { name: 'Take' }).click();
  await row.getByText('gate has closed this alarm while you were writing.').waitFor();
  expect(await row.getByLabel('Note').inputValue()).toBe('He was let in');
  expect(await violationsOf(page)).toEqual([]);
  await row.getByRole('button', { name: 'Copy' }).waitFor();
  await row.getByRole('button', { name: 'Add note' }).click();
  await page.mouse.move(0, 0);
  await page.getByText(/^Closed \d+$/).click();
  await row.getByText('He was let in').waitFor();
});

test.each(['light', 'dark'] as const)('axe finds nothing wrong in %s', async (colorScheme) => {
  const { page } = desk;
  await page.mouse.move(0, 0);
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width: 1440, height: 900 });
  await rowOf(page, 'At the gate too').getByRole('button', { name: 'Note', exact: true }).click();
  await page.getByRole('button', { name: 'Add note' }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violationsOf(page)).toEqual([]);
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(widths[0]).toBe(widths[1]);
  await page.keyboard.press('Escape');
});
