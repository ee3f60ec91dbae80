import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { pages } from '../support/docs.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const PACKAGES = [
  'packages/command',
  'packages/simulator',
  'packages/nats-server',
  'packages/core',
  'packages/gateway',
  'packages/client',
  'apps/wall',
  'apps/demo',
  'bench',
  'chaos',
];

/** Folders below a package's `src` with modules in them, as the map names them. */
const roomsOf = (name: string): string[] =>
  readdirSync(join(root, name, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|graphql)$/.test(entry.name))
    .map(({ parentPath }) => parentPath.slice(root.length).replace(/\/src(?=\/|$)/, ''));

let map = '';
beforeAll(async () => {
  map = await pages('map');
});

it('every room is on the map, and nothing else', () => {
  const rooms = new Set(PACKAGES.flatMap(roomsOf));
  const named = [...map.matchAll(/^\| `((?:packages|apps|bench|chaos)[^`]*)` \|/gm)].flatMap(
    ([, room]) => room ?? [],
  );
  expect(named.toSorted()).toEqual([...rooms].toSorted());
});

it('every file that the map names is there', () => {
  const folders = {
    simulator: 'packages/simulator/src',
    core: 'packages/core/src',
    gateway: 'packages/gateway/src',
    chaos: 'chaos/src',
  };
  const paths = [...map.matchAll(/`(simulator|core|gateway|chaos)\/([\w/-]+\.ts)`/g)].map(
    ([, name, path]) => `${folders[name as keyof typeof folders]}/${path}`,
  );
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
