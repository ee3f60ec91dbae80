// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file says.
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problems.ts';
import { configFile } from '../support/config-file.ts';

it('a file is read with the environment that is given', async () => {
  await using file = await configFile('sites: []\nlisten: "127.0.0.1:${PORT}"\n');
  expect((await loadConfig(file.path, { PORT: '4321' })).listen.port).toBe(4321);
  await expect(loadConfig(file.path, {})).rejects.toThrow(`${file.path}:2:9: listen: the environ`);
});

it.each([
  ['that is not there', 'none.yaml', 'there is no such file'],
  ['that is a directory', '.', 'this is a directory, not a file'],
])('a file %s is one clear line', async (_, name, reason) => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'se5-config-'));
  const file = join(directory.path, name);
  const error = await loadConfig(file, {}).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ file, problems: [], message: `${file}: ${reason}` });
});
