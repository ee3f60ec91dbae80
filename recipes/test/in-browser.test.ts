import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../../scripts/chromium/browser.ts';
import { follow } from './support/project.ts';
import { serveSite } from './support/site.ts';
import { type Stage, setStage } from './support/stage.ts';

/** How many events a page of the history has in the recipes. */
const PAGE = 20;

/** How many events the longest list of live ones has in the tests; on the pages it is longer. */
const KEPT = PAGE + 4;

let browser: Browser;
let stage: Stage;

beforeAll(async () => {
  [browser, stage] = await Promise.all([launchBrowser(), setStage()]);
  await stage.pass(...Array.from({ length: 2 * PAGE }, (_, index) => `Earlier ${index}`));
});
afterAll(async () => {
  await browser.close();
  await stage[Symbol.asyncDispose]();
});

/** Builds what the pages say by their own commands, and opens it. */
async function open(...recipes: readonly string[]) {
  await using resources = new AsyncDisposableStack();
  const project = resources.use(await follow(stage.url, 'README.md', ...recipes));
  await project.replace('KEPT = 500', `KEPT = ${KEPT}`);
  const commands = project.commands.filter((command) => command.startsWith('npx '));
  for (const command of commands) await project.run(command);
  expect(await project.typeErrors()).toBe('');

  const site = resources.use(await serveSite(join(project.path, 'dist')));
  const { page, offences } = resources.use(
    await openPage(browser, site.url, {
      hosts: [new URL(stage.url).host],
      // What a browser says while the gateway is away.
      expected: /WebSocket connection|Failed to load resource/,
    }),
  );
  const owned = resources.move();
  return {
    page,
    [Symbol.asyncDispose]: async () => {
      await owned.disposeAsync();
      expect(offences).toEqual([]);
    },
  };
}

/** Who is shown in these elements, from the top. */
const namesIn = (page: Page, selector: string) => async (): Promise<readonly string[]> => {
  const texts = await page.locator(selector).allTextContents();
  return texts.map((text) => text.trim().split(' at ')[0] ?? '');
};

/** In pixels; 0 for a picture that could not be loaded. */
const widthOfFirst = (page: Page) => () => page.evaluate('document.images[0].naturalWidth');

test.each([['apollo.md', 'gql-tada.md'], ['urql.md', 'gql-tada.md'], ['relay.md']])(
  '%s: one list goes from the history on to live events, over a restart of the gateway',
  async (recipe, ...before) => {
    await using opened = await open(...before, recipe);
    const { page } = opened;
    const names = namesIn(page, 'li');
    await expect.poll(names).toHaveLength(PAGE);
    const first = await names();
    const live = `${recipe} live`;
    const missed = [`${recipe} missed`, `${recipe} also missed`] as const;
    const last = `${recipe} last`;

    await stage.picturesWanted();
    await stage.pass(live);
    await expect.poll(names).toEqual([live, ...first]);
    await expect.poll(widthOfFirst(page)).toBeGreaterThan(0);

    stage.cutOff();
    await stage.restart();
    await stage.pass(...missed);
    stage.restore();
    await expect.poll(names).toContain(missed[1]);
    await stage.pass(last);
    const now = [last, missed[1], missed[0], live, ...first];
    await expect.poll(names).toEqual(now);

    await page.getByRole('button', { name: 'Older' }).click();
    await expect.poll(names).toHaveLength(now.length + PAGE);
    const all = await names();
    expect(all.slice(0, now.length)).toEqual(now);
    expect(new Set(all).size).toBe(all.length);

    const after = `${recipe} after the older page`;
    await stage.pass(after);
    await expect.poll(async () => (await names()).slice(0, KEPT + 1)).toEqual([after, ...now]);
  },
);

test('react.md: visitors come live, over a restart of the gateway, and from the history', async () => {
  await using opened = await open('react.md');
  const { page } = opened;
  const now = namesIn(page, '[aria-label=Now] figure');
  const earlier = namesIn(page, '[aria-label=Earlier] figure');
  await expect.poll(earlier).toHaveLength(PAGE);

  await stage.picturesWanted();
  await stage.pass('Visitor');
  await expect.poll(now).toEqual(['Visitor']);
  await expect.poll(widthOfFirst(page)).toBeGreaterThan(0);

  stage.cutOff();
  await page.getByText('Connecting:').waitFor();
  await stage.restart();
  await stage.pass('Missed');
  stage.restore();
  await expect.poll(now).toEqual(['Missed', 'Visitor']);

  await page.getByRole('button', { name: 'Older' }).click();
  await expect.poll(earlier).toHaveLength(2 * PAGE);
  expect(new Set(await earlier()).size).toBe(2 * PAGE);
});

test('react-native.md: an app goes on behind its newest event after the background', async () => {
  await using project = await follow(stage.url, 'react-native.md');
  await using site = await serveSite(join(project.path, 'dist'));
  await project.replace('http://127.0.0.1:3000', site.url);
  await project.run('npx vite build');
  await using opened = await openPage(browser, site.url, { hosts: [new URL(stage.url).host] });
  const { page, offences } = opened;
  const names = async () => {
    const texts = await page.getByText(' at ').allTextContents();
    return texts.map((text) => text.split(' at ')[0]);
  };
  /** What a browser tells its page when it is hidden or shown. */
  const become = (state: 'hidden' | 'visible') =>
    page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));`);

  await page.getByText('Nobody yet').waitFor();
  await become('hidden');
  await page.getByText('Nobody yet').waitFor({ state: 'detached' });
  await stage.pass('Before the first one');
  await become('visible');
  await expect.poll(names).toEqual(['Before the first one']);

  await stage.pass('On the phone');
  await expect.poll(names).toEqual(['On the phone', 'Before the first one']);
  await become('hidden');
  await expect.poll(names).toEqual([]);
  await stage.pass('In the background 1', 'In the background 2');
  await become('visible');
  await expect.poll(names).toEqual(['In the background 2', 'In the background 1']);
  expect(offences).toEqual([]);
});
