import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { leftBehind } from '../../src/command/left-behind.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configFile } from '../support/config-file.ts';

it('a journal below the working directory that is not used any more is noticed', async () => {
  // Nothing is written into the working directory itself: its own package.json is the old journal.
  await using file = await configFile('sites: []\njournal: { path: ./package.json }');
  const config = await loadConfig(file.path, {});
  expect(leftBehind(file.path, config)).toBe(join(process.cwd(), 'package.json'));
  await writeFile(config.journal.path, 'a journal of its own');
  expect(leftBehind(file.path, config)).toBeUndefined();
});

it('nothing is left behind where the places are the same', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-data-'));
  await mkdir(join(folder.path, 'data'));
  for (const path of ['memory', join(folder.path, 'journal.db'), './nowhere/journal.db']) {
    await using file = await configFile(`sites: []\njournal: { path: "${path}" }`);
    expect(leftBehind(file.path, await loadConfig(file.path, {}))).toBeUndefined();
  }
});
