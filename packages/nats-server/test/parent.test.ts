import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findNatsServer, natsTestsAreSkipped } from '../src/index.ts';

const INDEX = new URL('../src/index.ts', import.meta.url).href;
const START = `
  import { startNatsServer } from ${JSON.stringify(INDEX)};
  const { port } = await startNatsServer();
  console.log(port);
`;

describe.skipIf(natsTestsAreSkipped())('a nats-server ends', () => {
  // Without a PATH there is no setpriv.
  test('when the process that started it exits without disposing of it', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'nats-parent-'));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', `${START} process.exit();`],
      { env: { PATH: '', NATS_SERVER_PATH: findNatsServer(), TMPDIR: folder.path } },
    );
    await expect.poll(() => isListening(Number(stdout))).toBe(false);
  });

  test.runIf(process.platform === 'linux')(
    'when the process that started it is killed',
    async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'nats-parent-'));
      const parent = spawn(process.execPath, ['--input-type=module', '--eval', START], {
        env: { ...process.env, TMPDIR: folder.path },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [port] = await once(parent.stdout, 'data');
      expect(await isListening(Number(port))).toBe(true);
      parent.kill('SIGKILL');
      await text(parent.stdout);
      await expect.poll(() => isListening(Number(port))).toBe(false);
    },
  );
});

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
