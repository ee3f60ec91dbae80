import { expect, test } from 'vitest';
import { launchBrowser, openPage } from '../../../../scripts/chromium/browser.ts';
import { startPrefixProxy } from '../support/prefix-proxy.ts';
import { setStage, watched } from '../support/stage.ts';

const TOKEN = 'a-token-that-is-long-enough';

test('below a path of a proxy, a gateway with a token asks for it once for all tabs, until one signs out', async () => {
  await using browser = await launchBrowser();
  await using stage = await setStage({ token: TOKEN });
  await using proxy = await startPrefixProxy(stage.url, '/faces/se5');
  // Nothing of the page offends its policy: that would be an error on the console.
  await using opened = await openPage(browser, `${proxy.url}/?type=VISITOR`, {
    expected: /401|WebSocket connection/,
  });
  const { page } = opened;
  const field = page.getByLabel('Access token');
  const answer = async (text: string) => {
    await field.fill(text);
    await page.getByRole('button', { name: 'Connect' }).click();
  };
  await page.getByText('This gateway wants a token').waitFor();
  expect(await field.evaluate((element) => element.matches(':focus'))).toBe(true);
  await answer('a-token-that-is-quite-wrong');
  await page.getByText('did not accept').waitFor();
  await answer(TOKEN);
  await watched(stage.north);
  stage.north.emit({ identityName: 'Behind the token', personType: 2 });
  const card = page.getByTestId('event').filter({ hasText: 'Behind the token' });
  await card.waitFor();
  const loaded = () =>
    card
      .locator('img')
      .evaluateAll((list) =>
        list.map((one) => one instanceof HTMLImageElement && one.naturalWidth),
      );
  await expect.poll(async () => (await loaded()).every(Boolean)).toBe(true);
  expect(new URL(page.url()).search).toBe('?type=VISITOR');

  const other = await page.context().newPage();
  await other.goto(`${proxy.url}/`);
  await other.getByTestId('event').filter({ hasText: 'Behind the token' }).waitFor();
  const kept = () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]);
  expect(await page.evaluate(kept)).not.toContain(TOKEN);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('This gateway wants a token').waitFor();
  expect(await page.getByTestId('event').count()).toBe(0);
  expect(opened.offences).toEqual([]);
});
