import { spawnSync } from 'node:child_process';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { natsTestsAreSkipped } from '../src/index.ts';

const COMMAND = fileURLToPath(new URL('../src/command.ts', import.meta.url));

function withoutServer(): NodeJS.ProcessEnv {
  const empty = mkdtempDisposableSync(join(tmpdir(), 'nats-none-'));
  onTestFinished(() => empty.remove());
  return { PATH: empty.path, XDG_CACHE_HOME: empty.path };
}

test('tests without a server are skipped, and say once how to get one', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  onTestFinished(() => warn.mockRestore());
  const environment = withoutServer();
  expect(natsTestsAreSkipped(environment)).toBe(true);
  expect(natsTestsAreSkipped(environment)).toBe(true);
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/NATS_SERVER_PATH/)]]);
});

test('tests without a server are not skipped where CI is set', () => {
  expect(natsTestsAreSkipped({ ...withoutServer(), CI: 'true' })).toBe(false);
});

test.each([[[]], [['--if-possible']]])(
  'the command %j fails with one line for a wrong NATS_SERVER_PATH',
  (args) => {
    const env = { ...withoutServer(), NATS_SERVER_PATH: '/nowhere' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
      env,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^NATS_SERVER_PATH: \/nowhere .*\n$/);
  },
);
