import type { createClient } from '@se5/client';
import { createGateway, parseConfig } from '@se5/gateway';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../../scripts/chromium/browser.ts';
import { launch } from '../src/launcher/launch.ts';
import { type OtherPort, serveOnOtherPort } from './support/other-port.ts';

const UNLISTED = 'listen: 127.0.0.1:0\njournal: { path: memory }\nwall: false\nsites: []\n';

let browser: Browser;
let other: OtherPort;

beforeAll(async () => {
  [browser, other] = await Promise.all([launchBrowser(), serveOnOtherPort()]);
});
afterAll(async () => {
  await browser.close();
  await other[Symbol.asyncDispose]();
});

/** What the client of a page is told by a query and by a stream, and its state then. */
const clientOf = (page: Page, url: string) =>
  page.evaluate(async (gateway) => {
    const create: typeof createClient = Reflect.get(globalThis, 'createClient');
    const client = create({ url: gateway });
    const outcome = (promise: Promise<unknown>) =>
      promise.then(
        () => 'answered',
        (error: unknown) => Reflect.get(Object(error), 'code') as unknown,
      );
    const first = new Promise((resolve, reject) => {
      client.boxStatus().subscribe({ next: resolve, error: reject });
    });
    const [query, stream] = await Promise.all([outcome(client.sites()), outcome(first)]);
    const state = client.state.name;
    await client.dispose();
    return { query, stream, state };
  }, url);

describe.each(['localhost', '127.0.0.1'])('a page at another port of %s', (host) => {
  test('uses the demonstration', async () => {
    await using demo = await launch({ port: 0, rate: 0, past: 0, seed: 1 });
    await using page = await browser.newPage();
    await page.goto(`http://${host}:${other.port}`);
    expect(await clientOf(page, demo.url)).toEqual({
      query: 'answered',
      stream: 'answered',
      state: 'live',
    });
  });

  test('is told that a gateway does not list its origin, once and for all', async () => {
    await using gateway = await createGateway(parseConfig(UNLISTED));
    await using page = await browser.newPage();
    await page.goto(`http://${host}:${other.port}`);
    expect(await clientOf(page, gateway.url)).toEqual({
      query: 'FORBIDDEN',
      stream: 'FORBIDDEN',
      state: 'failed',
    });
  });
});
