import { expect, it } from 'vitest';
import { Command } from '../support/command.ts';
import { configFile } from '../support/config-file.ts';
import { configText } from '../support/gateways.ts';

it('SIGUSR1 and SIGUSR2 are said to be ignored, and no inspector opens', async () => {
  await using config = await configFile(configText([]));
  await using command = new Command(['--config', config.path]);
  await command.url();
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) {
    command.kill(signal);
    await command.logged(({ msg }) => msg.startsWith(`${signal} is ignored`));
  }
  command.kill('SIGTERM');
  expect(await command.exitCode()).toBe(0);
  expect(command.stderr).toBe('');
});

it('an error that nothing caught is logged, and ends the gateway in order with 1', async () => {
  await using config = await configFile(configText([]));
  const thrower = "process.on('SIGWINCH',()=>{throw(new(TypeError)('nobody-foresaw-this'))})";
  await using command = new Command(['--config', config.path], {
    NODE_OPTIONS: `--import=data:text/javascript,${thrower}`,
  });
  await command.url();
  command.kill('SIGWINCH');
  expect(await command.exitCode()).toBe(1);
  const [error, ...rest] = command.log.slice(-3);
  expect(error).toMatchObject({ level: 'error', error: 'TypeError' });
  expect(rest).toMatchObject([{ msg: 'shutting down', cause: 'ERROR' }, { msg: 'stopped' }]);
  expect(command.stdout + command.stderr).not.toContain('nobody-foresaw-this');
});
