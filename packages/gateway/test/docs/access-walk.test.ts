import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSimulator } from '@se5/simulator';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/load.ts';
import { createGateway } from '../../src/gateway.ts';
import { pages } from '../support/docs.ts';

const run = promisify(execFile);

const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** The text of the block with this info string. */
async function block(info: string): Promise<string> {
  const page = await pages('access');
  const [, text] = new RegExp(`^\`\`\`${info}\\n(.*?)^\`\`\``, 'ms').exec(page) ?? [];
  if (text === undefined) throw new Error(`docs/access.md has no block ${info}`);
  return text;
}

const isAnswer = (line: string): boolean => /^# [{\d]/.test(line);

it.skipIf(!hasCurl)('the walk with curl is answered as it says', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'se5-walk-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const boxes = await Promise.all(
    ['hq-lobby', 'lab-door'].map(async (id, index) => {
      const simulator = stack.use(await startSimulator({ seed: index + 1 }));
      const { host, eventPort, apiPort } = simulator;
      return { id, host, eventPort, apiPort };
    }),
  );
  const deny = join(folder, 'denied.txt');
  const tokens = { desk: 'the-token-of-the-desk', screen: 'the-token-of-the-screen' };
  const config = {
    listen: '127.0.0.1:0',
    journal: { path: 'memory' },
    sites: [{ id: 'hq', boxes }],
    access: {
      tokens: Object.entries(tokens).map(([name, token]) => ({ name, role: name, token })),
      roles: parse(await block('yaml roles')),
      deny,
    },
  };
  const gateway = stack.use(await createGateway(parseConfig(JSON.stringify(config))));

  const lines = (await block('sh walk')).split('\n');
  const expected = lines.filter(isAnswer).map((line) => line.slice(2));
  // Each command ends its answer with a line; some answers have none.
  const script = lines.map((line) => (isAnswer(line) ? 'echo' : line)).join('\n');
  const env = {
    PATH: process.env['PATH'],
    GATEWAY: gateway.url,
    DESK_TOKEN: tokens.desk,
    SCREEN_TOKEN: tokens.screen,
    DENY: deny,
  };
  const { stdout } = await run('bash', ['-eu', '-c', script], { cwd: folder, env });
  expect(stdout.split('\n').filter((line) => line !== '')).toEqual(expected);
});
