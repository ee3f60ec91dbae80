// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file says.
import { mkdir, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
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

describe('a file that is not UTF-8 is one clear line', () => {
  const GBK_HEADQUARTERS = Buffer.from([0xd7, 0xdc, 0xb2, 0xbf]);
  const lines = '# 总部\nsites: []\n';

  it.each([
    ['UTF-16 with its mark', Buffer.from(`\uFEFF${lines}`, 'utf16le'), '1:1', 'UTF-16'],
    [
      'UTF-16, the other end first',
      Buffer.from(`\uFEFF${lines}`, 'utf16le').swap16(),
      '1:1',
      'UTF-16',
    ],
    ['UTF-16 without its mark', Buffer.from('sites: []', 'utf16le'), '1:2', 'a NUL'],
    ['GBK', Buffer.concat([Buffer.from(`${lines}# `), GBK_HEADQUARTERS]), '3:3', 'the byte 0xD7'],
    [
      'a comment in GBK',
      Buffer.concat([Buffer.from('#'), GBK_HEADQUARTERS, Buffer.from('\nsites: []')]),
      '1:2',
      'GBK',
    ],
    ['a NUL', Buffer.from('# 总\nsites: []\0\n'), '2:10', 'a NUL'],
    ['a character that is cut', Buffer.from('# 总总').subarray(0, -1), '1:4', 'the byte 0xE6'],
  ])('%s', async (_, bytes, place, found) => {
    await using file = await configFile(bytes);
    const error = await loadConfig(file.path, {}).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining(`${file.path}:${place}: found`),
    );
    expect(error).toHaveProperty('message', expect.stringContaining(found));
    expect(error).toHaveProperty('message', expect.stringContaining('save '));
    expect(String(error)).not.toContain('\n');
  });

  it('but may begin with a byte order mark', async () => {
    await using file = await configFile(`\uFEFF${lines}`);
    expect((await loadConfig(file.path, {})).sites).toEqual([]);
  });
});

describe('a path at which there is something else is refused', () => {
  it.each([
    ['journal: { path: folder }', 'journal.path: found "folder", which is a folder'],
    ['journal: { path: folder/ }', 'such as folder/journal.db'],
    ['journal: { path: new/ }', 'journal.path: found "new/", which is a folder'],
    ['journal: { path: gateway.yaml/a/journal.db }', 'gateway.yaml in this path is not a folder'],
    ['journal: { path: /dev/null }', 'which is not a file'],
    ['images: { path: gateway.yaml }', 'images.path: found "gateway.yaml", which is not a folder'],
    ['images: { path: gateway.yaml/images }', 'gateway.yaml in this path is not a folder'],
    ['journal: { path: link/a }\nimages: { path: folder/a }', 'but the journal needs the file'],
    ['journal: { path: folder/a }\nimages: { path: link/a/b }', 'but the journal needs the file'],
  ])('%j', async (text, why) => {
    await using file = await placesFile(text);
    const error = await loadConfig(file.path, {}).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ problems: [{ message: expect.any(String) }] });
    expect(error).toHaveProperty('message', expect.stringContaining(why));
  });

  it('but what is there already may be used again', async () => {
    await using file = await placesFile('journal: { path: link/a.db }\nimages: { path: folder }');
    await writeFile(join(dirname(file.path), 'folder', 'a.db'), '');
    await expect(loadConfig(file.path, {})).resolves.toBeDefined();
  });

  async function placesFile(text: string) {
    const file = await configFile(`sites: []\n${text}`);
    const at = (name: string) => join(dirname(file.path), name);
    await mkdir(at('folder'));
    await symlink(at('folder'), at('link'));
    return file;
  }
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
