// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file says.
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, loadPlaces, parseConfig } from '../../src/config/load.ts';
import { folderOf } from '../../src/config/places.ts';
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

describe('a relative path', () => {
  it.each([
    ['', 'data/journal.db', 'data/images'],
    ['journal: { path: events.db }', 'events.db', 'images'],
    ['journal: { path: ../events.db }\nimages: { path: ./faces }', '../events.db', 'faces'],
    ['journal: { path: memory }\nimages: { path: faces }', undefined, 'faces'],
  ])('of a file counts from the folder of the file: %j', async (text, journal, images) => {
    await using file = await configFile(`sites: []\n${text}`);
    const places = {
      journal: { path: journal === undefined ? 'memory' : join(dirname(file.path), journal) },
      images: { path: join(dirname(file.path), images) },
    };
    for (const path of [file.path, relative('.', file.path)]) {
      expect(await loadConfig(path, {})).toMatchObject(places);
      expect(await loadPlaces(path, {})).toMatchObject(places);
    }
  });

  it('stays what it is where there is no file, and an absolute one anywhere', async () => {
    expect(parseConfig('sites: []').journal.path).toBe('./data/journal.db');
    await using file = await configFile('sites: []\njournal: { path: /var/lib/se5/journal.db }');
    expect(await loadConfig(file.path, {})).toMatchObject({
      journal: { path: '/var/lib/se5/journal.db' },
      images: { path: '/var/lib/se5/images' },
    });
  });

  it.each(['/dev/stdin', '/dev/fd/63', '/proc/self/fd/0'])(
    'counts from the working directory where the configuration comes by %s',
    (path) => {
      expect(folderOf(path)).toBe(process.cwd());
    },
  );
});

describe('the places of the data', () => {
  it('are read from a file of which nothing else can be used', async () => {
    await using file = await configFile(
      [
        'sites: [{ id: hq, boxes: [{ id: "a/b", host: "${NOT_SET}" }] }]',
        'listen: 0.0.0.0:4000',
        'access: { token: "${NOT_SET}", tokens: [] }',
        'slowClients: { softBytes: 4MiB, hardBytes: 1MiB }',
        'journal: { path: "${DATA}/journal.db" }',
      ].join('\n'),
    );
    await expect(loadConfig(file.path, { DATA: '/data' })).rejects.toThrow(ConfigError);
    expect(await loadPlaces(file.path, { DATA: '/data' })).toMatchObject({
      journal: { path: '/data/journal.db', keepMs: 30 * 86_400_000 },
      images: { path: '/data/images', capture: 'on-demand' },
    });
  });

  it.each([
    ['jornal: { path: x }', 'jornal: unknown key; did you mean journal?'],
    ['journal: { path: "${NOT_SET}/journal.db" }', 'NOT_SET is not set'],
    ['journal: { pfad: x }', 'journal.pfad: unknown key'],
    ['images: { keep: forever }', 'images.keep: found "forever"'],
    ['journal: [', 'not valid YAML'],
    ['- journal', 'found a list'],
  ])('are refused where it is not sure what they are: %j', async (text, why) => {
    await using file = await configFile(text);
    await expect(loadPlaces(file.path, {})).rejects.toThrow(why);
  });
});
