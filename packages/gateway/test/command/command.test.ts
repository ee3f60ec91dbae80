// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file says.
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startSimulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { listenNotice } from '../../src/command/listen-notice.ts';
import { parseConfig } from '../../src/config/load.ts';
import { Command } from '../support/command.ts';
import { configFile } from '../support/config-file.ts';
import { configText, post } from '../support/gateways.ts';
import { journalFile } from '../support/journals.ts';
import { containing, matching } from '../support/matchers.ts';

async function outcome(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await using command = new Command(args, env);
  const code = await command.exitCode();
  return { code, stdout: command.stdout, stderr: command.stderr };
}

describe('the command', () => {
  it('tells how it is used', async () => {
    const { code, stdout } = await outcome(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: se5-gateway --config FILE [--check]');
  });

  it('tells its version', async () => {
    const packageJson = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    const { code, stdout } = await outcome(['--version']);
    expect(code).toBe(0);
    expect(JSON.parse(packageJson)).toMatchObject({ version: stdout.trim() });
  });

  it('says in one line that a configuration is valid, in the environment it runs in', async () => {
    await using config = await configFile(
      'sites: [{ id: hq, boxes: [{ id: a, host: a }, { id: b, host: "${SE5_TEST_HOST}" }] }]',
    );
    const args = ['--config', config.path, '--check'];
    expect(await outcome(args, { SE5_TEST_HOST: 'b' })).toEqual({
      code: 0,
      stdout: `${config.path}: OK, 1 site, 2 boxes\n`,
      stderr: '',
    });
  });

  it('says when no interface of this machine has the address to listen on', async () => {
    const text = (listen: string) => `sites: []\nlisten: "${listen}"\naccess: { insecure: true }\n`;
    // RFC 5737: no machine's.
    await using elsewhere = await configFile(text('192.0.2.1:4000'));
    expect(await outcome(['--config', elsewhere.path, '--check'])).toEqual({
      code: 0,
      stdout: `${elsewhere.path}: OK, 0 sites, 0 boxes\n`,
      stderr: containing(`${elsewhere.path}: listen: no interface of this machine has 192.0.2.1`),
    });
    // The check prints what this says, and nothing where it says nothing.
    for (const listen of ['0.0.0.0:4000', '127.0.0.2:4000', 'gateway.example.com:4000']) {
      expect(listenNotice(parseConfig(text(listen)))).toBeUndefined();
    }
  });

  it('says in one line for each problem what is wrong with a configuration', async () => {
    await using config = await configFile('sites: []\nlisten: 0.0.0.0:4000\norigin: []\n');
    const { code, stdout, stderr } = await outcome(['--check', '-c', config.path]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      containing(`${config.path}:2:9: listen: other machines can reach`),
      containing(`${config.path}:3:1: origin: unknown key; did you mean origins?`),
      '',
    ]);
  });

  it('checks the trusted documents, which are beside the configuration', async () => {
    await using config = await configFile('sites: []\naccess: { documents: documents.json }\n');
    const documents = join(dirname(config.path), 'documents.json');
    await writeFile(documents, '{ "f00d": "{ faces }" }');
    expect(await outcome(['--check', '-c', config.path])).toEqual({
      code: 1,
      stdout: '',
      stderr: containing(`${documents}: document "f00d": Cannot query field "faces"`),
    });
  });

  it('says in one line that there is no such file', async () => {
    expect(await outcome(['--config', '/nowhere.yaml'])).toEqual({
      code: 1,
      stdout: '',
      stderr: '/nowhere.yaml: there is no such file\n',
    });
  });

  it('says in one line that there is no such level of logging', async () => {
    expect(await outcome(['--config', '/nowhere.yaml'], { LOG_LEVEL: 'loud' })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'LOG_LEVEL is "loud"; allowed: trace, debug, info, warn, error, fatal, silent\n',
    });
  });

  it('warns when no sites are configured, and says in one line that its port is taken', async () => {
    await using config = await configFile(configText([], { sites: [] }));
    await using first = new Command(['--config', config.path]);
    const { host } = new URL(await first.url());
    expect(first.log[0]).toMatchObject({ level: 'warn', msg: containing('no sites') });

    await using same = await configFile(configText([], { sites: [], listen: host }));
    const { code, stderr } = await outcome(['--config', same.path]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `${host} is taken by another process; stop it, or change \`listen\` in the configuration\n`,
    );
  });
});

it('says in one line that another gateway has its journal', async () => {
  await using file = await journalFile();
  await using config = await configFile(configText([], { journal: { path: file.path } }));
  await using first = new Command(['--config', config.path]);
  await first.url();
  const { code, stderr } = await outcome(['--config', config.path]);
  expect(code).toBe(1);
  expect(stderr).toBe(
    `${file.path} is in use by another gateway; stop that one, or set journal.path to another file\n`,
  );
});

describe('a gateway that runs', () => {
  it('logs lines of JSON, one for each change of a box', async () => {
    await using simulator = await startSimulator();
    await using config = await configFile(configText([simulator]));
    await using command = new Command(['--config', config.path]);
    await command.logged(({ msg }) => msg === 'box box-1 is connected');
    await simulator.faults.refuse();
    simulator.faults.drop();
    const gone = await command.logged(({ level }) => level === 'warn');
    expect(gone).toMatchObject({ box: 'box-1', time: matching(/^\d{4}-.*Z$/) });
    expect(gone.msg).toMatch(/^box box-1: .*; trying until it answers$/);
    await simulator.faults.welcome();
    await command.logged(({ msg, time }) => msg === 'box box-1 is connected' && time > gone.time);
    expect(command.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('stops on SIGTERM with clients and boxes connected: exit 0, not cut short', async () => {
    await using simulator = await startSimulator();
    await using config = await configFile(configText([simulator]));
    await using command = new Command(['--config', config.path]);
    const url = await command.url();
    await simulator.until(({ connections }) => connections === 1);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    const subscription = 'subscription { boxStatus { id } }';
    const stream = await post(url, subscription, { Accept: 'text/event-stream' });

    command.kill('SIGTERM');
    expect(await command.exitCode()).toBe(0);
    expect((await closed)[0]).toBe(1012);
    await expect(stream.text()).rejects.toThrow('terminated');
    await simulator.until(({ connections }) => connections === 0);
    expect(command.log.at(-1)).toMatchObject({ msg: 'stopped' });
    expect(command.stderr).toBe('');
  });
});
