import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOf } from '../../../scripts/chromium/axe.ts';
import { launchBrowser, type OpenOptions, openPage } from '../../../scripts/chromium/browser.ts';
import { type Launched, launch } from '../src/launcher/launch.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** The demonstration, with a page of it open; nobody passes but whom the test sends. */
async function openDemo({ search = '', ...options }: OpenOptions & { search?: string } = {}) {
  await using resources = new AsyncDisposableStack();
  const demo = resources.use(await launch({ port: 0, rate: 0, past: 0, seed: 1 }));
  const hosts = [`127.0.0.1:${await lobbyPort(demo)}`];
  const opened = resources.use(
    await openPage(browser, `${demo.url}/${search}`, { hosts, ...options }),
  );
  await Promise.all([...demo.simulators.keys()].map((id) => watchedByAll(demo, id)));
  const owned = resources.move();
  return { ...opened, demo, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function lobbyPort({ url }: Launched): Promise<number> {
  const roles: unknown = await (await fetch(`${url}/roles.json`)).json();
  const [, { gateway }] = roles as [unknown, { gateway: { port: number } }];
  return gateway.port;
}

/** Until every gateway that shows the box's pictures to somebody has asked for them. */
const watchedByAll = (demo: Launched, id: string) =>
  simulator(demo, id).until(
    ({ configurations }) =>
      new Set(configurations.filter(({ needFace }) => needFace).map(({ connection }) => connection))
        .size >= (id === 'hq-lobby' ? 2 : 1),
  );

function simulator({ simulators }: Launched, id: string) {
  const found = simulators.get(id);
  if (!found) throw new Error(`the demonstration has no box ${id}`);
  return found;
}

const loaded = (picture: Locator) =>
  picture.evaluate((one) => one instanceof HTMLImageElement && one.naturalWidth > 0);

const EMPLOYEE = 1;
const VISITOR = 2;

describe('the role of a page', () => {
  test('decides what it shows of whom, where, and how it says what is hidden', async () => {
    await using opened = await openDemo();
    const { page, demo } = opened;
    const lobby = simulator(demo, 'hq-lobby');
    lobby.emit({ personType: VISITOR, identityName: 'A visitor' });
    lobby.emit({ personType: EMPLOYEE, identityName: 'An employee' });
    simulator(demo, 'hq-garage').emit({ personType: VISITOR, identityName: 'In the garage' });
    const cards = page.getByTestId('event');
    await cards.nth(2).waitFor();

    await page.getByText('Lobby screen').click();
    await expect.poll(() => cards.count()).toBe(1);
    expect(await cards.textContent()).toContain('Name hidden for this role');
    expect(await page.textContent('body')).not.toContain('A visitor');
    await expect.poll(() => loaded(cards.getByRole('img', { name: 'Face' }))).toBe(true);
    await cards.getByRole('img', { name: 'Registered picture: hidden for this role' }).waitFor();
    await cards.click();
    const detail = page.getByTestId('detail');
    await detail.getByRole('img', { name: 'The scene: hidden for this role' }).waitFor();
    expect(await page.getByTestId('box').count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('role')).toBe('lobby-screen');

    await page.getByText('Full desk').click();
    await expect.poll(() => cards.count()).toBe(3);
    expect(await detail.count()).toBe(0);
    expect(new URL(page.url()).search).toBe('');
    expect(opened.offences).toEqual([]);
  });

  test('is in its address, and its token is not, nor in what the browser keeps', async () => {
    await using opened = await openDemo({ search: '?role=lobby-screen&type=VIP' });
    const { page } = opened;
    expect(await page.getByRole('radio', { name: 'Lobby screen' }).isChecked()).toBe(true);
    expect(new URL(page.url()).search).toBe('?role=lobby-screen&type=VIP');
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    expect(opened.offences).toEqual([]);
  });

  test('is chosen by keyboard, which stays where it is, and is said aloud', async () => {
    await using opened = await openDemo();
    const { page } = opened;
    await page.getByRole('radio', { name: 'Full desk' }).focus();
    await page.keyboard.press('ArrowRight');
    await page
      .getByRole('status')
      .filter({ hasText: /^Lobby screen: .*hidden/ })
      .waitFor();
    expect(
      await page
        .getByRole('radio', { name: 'Lobby screen' })
        .evaluate((one) => one.matches(':focus')),
    ).toBe(true);
    expect(opened.offences).toEqual([]);
  });

  test('is shown at once when it is chosen again: the page stays connected as each', async () => {
    await using opened = await openDemo();
    const { page } = opened;
    const boxes = page.getByTestId('box');
    const live = page.getByTestId('connection').and(page.locator('[data-state-name=live]'));
    await page.getByText('Lobby screen').click();
    await expect.poll(() => boxes.count()).toBe(1);
    await live.waitFor();
    await page.getByText('Full desk').click();
    await expect.poll(() => boxes.count()).toBe(5);
    const shown = await page.evaluate(async () => {
      const find = (id: string) => document.querySelectorAll(`[data-testid=${id}]`);
      document.querySelectorAll<HTMLInputElement>('input[type=radio]')[1]?.click();
      await new Promise(requestAnimationFrame);
      return {
        state: find('connection')[0]?.getAttribute('data-state-name'),
        boxes: find('box').length,
      };
    });
    expect(shown).toEqual({ state: 'live', boxes: 1 });
  });

  test.each(['light', 'dark'] as const)(
    'is one that axe finds nothing wrong with in %s, on a phone too',
    async (colorScheme) => {
      await using opened = await openDemo({ colorScheme, reducedMotion: 'reduce' });
      const { page, demo } = opened;
      simulator(demo, 'hq-lobby').emit({ personType: VISITOR });
      const cards = page.getByTestId('event');
      await cards.waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByText('Lobby screen').click();
      await cards.click();
      expect(await violationsOf(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      await page.getByRole('dialog').getByTestId('detail').waitFor();
      expect(await violationsOf(page, 'dialog')).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await violationsOf(page)).toEqual([]);
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(widths[0]).toBe(widths[1]);
      expect(opened.offences).toEqual([]);
    },
  );
});
