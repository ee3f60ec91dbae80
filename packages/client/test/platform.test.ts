import { createContext, Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { startSimulator } from '@se5/simulator';
import { expect, test } from 'vitest';
import { bundleClient } from './support/bundle.ts';
import { startGateway } from './support/gateway.ts';

// Runs in the bare context: what it does is what a page or an app would do.
const program = `(async () => {
  const client = se5.createClient({ url });
  const states = [];
  client.onState(({ name }) => states.push(name));
  const [site] = await client.sites();
  let error;
  await client.query('{ nothing }').catch((reason) => { error = reason.code; });
  let identityName;
  for await (const event of client.recognitionEvents()) {
    identityName = event.identityName;
    break;
  }
  await client.dispose();
  return JSON.stringify({ site: site.name, error, identityName, states });
})()`;

test('it runs where there is nothing but fetch, WebSocket and timers', async () => {
  await using box = await startSimulator({ ratePerSecond: 50 });
  await using gateway = await startGateway(box);
  const context = createContext({ fetch, WebSocket, setTimeout, clearTimeout, url: gateway.url });
  const run = (code: string): unknown => new Script(code).runInContext(context);
  run('delete globalThis.console');
  run(await bundleClient({ minify: false }));
  for (const name of [
    'console',
    'URL',
    'AbortController',
    'EventTarget',
    'TextEncoder',
    'process',
  ]) {
    expect(run(`typeof ${name}`)).toBe('undefined');
  }
  expect(JSON.parse(String(await run(program)))).toEqual({
    site: 'Headquarters',
    error: 'GRAPHQL',
    identityName: expect.any(String) as string,
    states: ['connecting', 'live', 'stopped'],
  });
});

test.each([
  ['9.5 KB in a page', 'client.ts', 9.5],
  ['10.25 KB with all that a page may use beside it', 'index.ts', 10.25],
  ['11.5 KB with the hooks, without React', 'react/index.ts', 11.5],
])('it weighs less than %s', async (_, module, kilobytes) => {
  const code = await bundleClient({ minify: true, module });
  expect(gzipSync(code).byteLength).toBeLessThan(kilobytes * 1024);
});
