import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { PAGE_HANG_MS } from '../vitest/test-config.ts';

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: inject('chromiumPath'),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** A page of its own, with what it did that no page of ours may do. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Requests to other hosts, uncaught errors, and errors on the console. */
  readonly offences: readonly string[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** Messages on the console that the test itself brings about. */
  readonly expected?: RegExp;
  /** Hosts that the page may ask beside its own. */
  readonly hosts?: readonly string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  { expected, hosts = [], ...options }: OpenOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PAGE_HANG_MS);
  const page = await context.newPage();
  const offences: string[] = [];
  const offence = (text: string) => {
    if (!expected?.test(text)) offences.push(text);
  };
  page.on('request', (request) => {
    const allowed = [new URL(url).host, ...hosts];
    if (!allowed.includes(new URL(request.url()).host)) offence(`request ${request.url()}`);
  });
  page.on('pageerror', (error) => offence(`uncaught ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') offence(`console ${message.text()}`);
  });
  await page.goto(url);
  return { page, offences, [Symbol.asyncDispose]: () => context.close() };
}
