import { mkdirSync, mkdtempDisposableSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { addToCache, cachedServers, cacheFolder } from '../src/cache.ts';
import { findNatsServer } from '../src/find.ts';

function folder(): string {
  const created = mkdtempDisposableSync(join(tmpdir(), 'nats-find-'));
  onTestFinished(() => created.remove());
  return created.path;
}

function server(path: string, version: string): string {
  writeFileSync(path, `#!/bin/sh\necho nats-server: v${version}\n`, { mode: 0o755 });
  return path;
}

test('takes the first on the PATH that is new enough', () => {
  const [old, first, second] = [folder(), folder(), folder()];
  server(join(old, 'nats-server'), '2.10.27');
  const wanted = server(join(first, 'nats-server'), '2.11.0');
  server(join(second, 'nats-server'), '2.15.1');
  const PATH = [old, first, second].join(delimiter);
  expect(findNatsServer({ PATH, XDG_CACHE_HOME: folder() })).toBe(wanted);
});

test('NATS_SERVER_PATH beats the PATH', () => {
  const installed = folder();
  server(join(installed, 'nats-server'), '2.15.1');
  const mine = server(join(folder(), 'mine'), '2.12.0');
  expect(findNatsServer({ PATH: installed, NATS_SERVER_PATH: mine })).toBe(mine);
});

test('refuses a NATS_SERVER_PATH that is too old, or no server', () => {
  const NATS_SERVER_PATH = server(join(folder(), 'old'), '2.10.27');
  expect(() => findNatsServer({ NATS_SERVER_PATH })).toThrow(/is 2\.10\.27: install nats-server/);
  for (const path of ['/nowhere/nats-server', '/bin/true', folder()]) {
    expect(() => findNatsServer({ NATS_SERVER_PATH: path })).toThrow(
      /is no nats-server that runs here/,
    );
  }
});

test('takes the newest from the cache when none is on the PATH', () => {
  const XDG_CACHE_HOME = folder();
  const cache = cacheFolder({ XDG_CACHE_HOME });
  expect(findNatsServer({ PATH: '', XDG_CACHE_HOME })).toBeUndefined();
  for (const version of ['2.9.10', '2.15.1', '2.12.0']) {
    addToCache(cache, server(join(folder(), 'fetched'), version), version);
  }
  // A fetch that was killed.
  server(join(cache, 'nats-server-2.16.0.1.partial'), '2.16.0');
  expect(findNatsServer({ PATH: '', XDG_CACHE_HOME })).toBe(join(cache, 'nats-server-2.15.1'));
});

test('passes over what cannot be run', () => {
  const [broken, installed] = [folder(), folder()];
  mkdirSync(join(installed, 'nats-server'));
  symlinkSync('/nowhere', join(broken, 'nats-server'));
  const PATH = [installed, broken].join(delimiter);
  expect(findNatsServer({ PATH, XDG_CACHE_HOME: folder() })).toBeUndefined();
});

test('the cache is in the home folder when XDG_CACHE_HOME names no absolute path', () => {
  const usual = cacheFolder({});
  expect(usual).toMatch(/\/\.cache\/se5$/);
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toBe(usual);
});

test('a server that is fetched twice is in the cache once', () => {
  const cache = join(folder(), 'se5');
  const fetched = server(join(folder(), 'fetched'), '2.15.1');
  const path = addToCache(cache, fetched, '2.15.1');
  expect(addToCache(cache, fetched, '2.15.1')).toBe(path);
  expect(cachedServers(cache)).toEqual([path]);
});
