import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { FirstProcess } from '../../../../scripts/vitest/first-process.ts';
import { parseConfig } from '../../src/config/load.ts';
import { createGateway } from '../../src/gateway.ts';
import { configFile } from '../support/config-file.ts';
import { freePort } from '../support/free-port.ts';
import { configText } from '../support/gateways.ts';
import { journalFile } from '../support/journals.ts';

const NPX = 'npx -y pnpm@10.34.9 gateway --config';
const NODE =
  'node_modules/.bin/node --disable-sigusr1 --conditions=@se5/source packages/gateway/src/command/main.ts --config';

const packageSchema = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()),
});

/** Runs a way to start the gateway, ends its first process, and takes over its port and journal. */
async function endOf(way: string, signal: NodeJS.Signals, env?: NodeJS.ProcessEnv) {
  await using file = await journalFile();
  const listen = `127.0.0.1:${await freePort()}`;
  const text = configText([], { listen, journal: { path: file.path } });
  await using config = await configFile(text);
  await using process = new FirstProcess([...way.split(' '), config.path], env);
  await process.printed(/"url":"(.*?)"/);
  const code = await process.end(signal);
  await using _next = await createGateway(parseConfig(text));
  return code;
}

it('these ways to run are documented', async () => {
  const readme = await readFile(new URL('../../../../README.md', import.meta.url), 'utf8');
  const docs = await readFile(new URL('../../../../docs/install.md', import.meta.url), 'utf8');
  for (const way of [NPX, NODE]) for (const page of [readme, docs]) expect(page).toContain(way);
});

it('to install the packed gateway is documented with every package that comes along', async () => {
  const docs = await readFile(new URL('../../../../docs/install.md', import.meta.url), 'utf8');
  const packageJson = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { name, dependencies } = packageSchema.parse(JSON.parse(packageJson));
  const workspace = Object.entries(dependencies).filter(([, range]) =>
    range.startsWith('workspace:'),
  );
  const packed = [...workspace.map(([dependency]) => dependency), name].map(
    (one) => `./packed/${one.replace('@', '').replace('/', '-')}.tgz`,
  );
  expect(docs).toContain(`npm install ${packed.join(' ')}\n`);
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to npx alone ends all it started, and frees port and journal: exit 0',
  async (signal) => {
    expect(await endOf(NPX, signal)).toBe(0);
  },
);

it('the gateway ends when npx dies without passing the signal on', async () => {
  // What npx runs its command in by default: dash dies of the signal, and pnpm hears of nothing.
  const env = { ...process.env, npm_config_script_shell: 'sh' };
  await expect(endOf(NPX, 'SIGTERM', env)).resolves.toBeDefined();
});

it('node runs the gateway without HOME, and ends it with 0', async () => {
  expect(await endOf(NODE, 'SIGTERM', { PATH: '/usr/bin:/bin' })).toBe(0);
});
