import { natsTestsAreSkipped } from '@se5/nats-server';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { launchBrowser, openPage } from '../../../scripts/chromium/browser.ts';
import { launchCluster } from '../src/launcher/launch-cluster.ts';

/** Which gateway listens to the box, as the page shows it; undefined while nobody does. */
const ownerOf = async (page: Page, box: string): Promise<string | undefined> => {
  const text = await page.getByTestId('box').filter({ hasText: box }).textContent();
  return /live · (gateway-\d)/.exec(text ?? '')?.[1];
};

test.skipIf(natsTestsAreSkipped())(
  'the wall goes on when gateways are killed, which come back',
  async () => {
    const pids = new Map<string, number>();
    const starts: string[] = [];
    const back = Promise.withResolvers<void>();
    const onGateway = ({ name, pid }: { readonly name: string; readonly pid: number }) => {
      pids.set(name, pid);
      starts.push(name);
      if (starts.filter((started) => started === 'gateway-1').length === 2) back.resolve();
    };
    const kill = (name = '') => {
      const pid = pids.get(name);
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    };
    await using demo = await launchCluster({
      ...{ port: 0, rate: 0, past: 0, seed: 1, onGateway },
      onFailure: back.reject,
    });
    expect(starts.toSorted()).toEqual(['gateway-1', 'gateway-2', 'gateway-3']);

    await using browser = await launchBrowser();
    const hosts = demo.others.map((url) => new URL(url).host);
    const expected = /ERR_|WebSocket connection to/;
    await using opened = await openPage(browser, demo.url, { hosts, expected });
    const { page } = opened;
    const shows = async (identityName: string): Promise<void> => {
      demo.simulators.get('harbour-quay')?.emit({ identityName, personType: 1 });
      await page.getByTestId('event').filter({ hasText: identityName }).waitFor();
    };
    await expect.poll(() => ownerOf(page, 'Quay')).toBeDefined();
    await shows('Before');

    // The gateway that serves the page; then whoever listens to the box.
    kill('gateway-1');
    await expect.poll(() => ownerOf(page, 'Quay')).toMatch(/[23]/);
    await shows('After one is gone');
    const owner = await ownerOf(page, 'Quay');
    kill(owner);
    await expect.poll(() => ownerOf(page, 'Quay')).toMatch(/gateway/);
    await shows('After two were gone');

    await back.promise;
    await page.goto(demo.url);
    await page.getByTestId('event').filter({ hasText: 'After two were gone' }).waitFor();
    expect(opened.offences).toEqual([]);
  },
);
