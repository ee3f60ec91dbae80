import { startSimulator } from '@se5/core/simulator';
import { chromium } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { startGateway } from '../support/gateways.ts';

it('GraphiQL asks and subscribes in a browser that reaches no other host', async () => {
  await using simulator = await startSimulator({ devices: 1 });
  await using gateway = await startGateway({ simulators: [simulator] });
  await using browser = await chromium.launch({
    executablePath: inject('chromiumPath'),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage();
  const elsewhere: string[] = [];
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.route('**', (route) => {
    const { host } = new URL(route.request().url());
    if (host === '' || host === new URL(gateway.url).host) return route.continue();
    elsewhere.push(host);
    return route.abort();
  });
  const execute = async (operation: string) => {
    await page.getByRole('button', { name: 'Execute query' }).click();
    await page.getByRole('menuitem', { name: operation }).click();
  };

  await page.goto(`${gateway.url}/graphql`);
  await execute('Devices');
  await page.getByText('"devices"').waitFor();
  await execute('Recognitions');
  await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
  simulator.emit();
  await page.getByText('"personType"').waitFor();

  expect(elsewhere).toEqual([]);
  expect(violations).toEqual([]);
  expect(errors).toEqual([]);
});
