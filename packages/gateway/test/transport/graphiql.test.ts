import { type Simulator, startSimulator } from '@se5/simulator';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PAGE_HANG_MS } from '../../../../scripts/vitest/test-config.ts';
import { startGateway, type TestGatewayOptions } from '../support/gateways.ts';

const TOKEN = 'f00dfeedf00dfeedf00dfeed';

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: inject('chromiumPath'),
    args: ['--no-sandbox', '--disable-gpu'],
  });
});
afterAll(() => browser.close());

/** GraphiQL of a gateway with one box, in a browser that reaches no other host. */
interface Opened extends AsyncDisposable {
  readonly page: Page;
  readonly simulator: Simulator;
  /** Runs one of the operations that the page begins with. */
  execute(operation: string): Promise<void>;
  /** Hosts that the page tried to reach, what its policy forbade, and what it threw. */
  readonly offences: readonly string[];
}

async function openGraphiQL(config: TestGatewayOptions['config'] = {}): Promise<Opened> {
  await using resources = new AsyncDisposableStack();
  const simulator = resources.use(await startSimulator({ devices: 1 }));
  const gateway = resources.use(await startGateway({ simulators: [simulator], config }));
  const page = await browser.newPage();
  page.setDefaultTimeout(PAGE_HANG_MS);
  resources.defer(() => page.close());
  const offences: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) offences.push(message.text());
  });
  page.on('pageerror', (error) => offences.push(String(error)));
  await page.route('**', (route) => {
    const { host } = new URL(route.request().url());
    if (host === '' || host === new URL(gateway.url).host) return route.continue();
    offences.push(host);
    return route.abort();
  });
  await page.goto(`${gateway.url}/graphql`);
  const owned = resources.move();
  return {
    page,
    simulator,
    offences,
    async execute(operation) {
      await page.getByRole('button', { name: 'Execute query' }).click();
      await page.getByRole('menuitem', { name: operation }).click();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Replaces what is in one of the page's editors. */
async function write(page: Page, editor: string, text: string): Promise<void> {
  await page.getByRole('region', { name: editor }).getByRole('code').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
}

const resultOf = (page: Page, text: string) => page.locator('.result-window').getByText(text);

describe('GraphiQL', () => {
  it('asks, subscribes, and shows the error of a subscription', async () => {
    await using opened = await openGraphiQL();
    const { page, simulator, execute, offences } = opened;
    await execute('Devices');
    await resultOf(page, '"devices"').waitFor();
    await execute('Recognitions');
    await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
    simulator.emit();
    await resultOf(page, '"personType"').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    const wrong = 'subscription { recognitionEvents(after: "yesterday") { id } }';
    await write(page, 'Operation Editor', wrong);
    await page.getByRole('button', { name: 'Execute query' }).click();
    await resultOf(page, 'INVALID_CURSOR').waitFor();
    expect(offences).toEqual([]);
  });

  it('says that a subscription needs a token, and sends the one that its user types', async () => {
    await using opened = await openGraphiQL({ access: { token: TOKEN } });
    const { page, simulator, execute, offences } = opened;
    await execute('Recognitions');
    await resultOf(page, 'UNAUTHENTICATED').waitFor();
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    await write(page, 'Headers', JSON.stringify({ Authorization: `Bearer ${TOKEN}` }));
    await execute('Devices');
    await resultOf(page, '"devices"').waitFor();
    await execute('Recognitions');
    await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
    simulator.emit();
    await resultOf(page, '"personType"').waitFor();
    expect(offences).toEqual([]);
  });
});
