import { copyFileSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { compareVersions } from './version.ts';

const PREFIX = 'nats-server-';

/** Fetched servers: one executable for each version, `nats-server-2.15.1`. */
export function cacheFolder({ XDG_CACHE_HOME: named = '' }: NodeJS.ProcessEnv): string {
  return join(isAbsolute(named) ? named : join(homedir(), '.cache'), 'se5');
}

/** The paths of the servers in the cache, the newest first. */
export function cachedServers(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => /^nats-server-\d+\.\d+\.\d+$/.test(name))
    .toSorted((a, b) => compareVersions(b.slice(PREFIX.length), a.slice(PREFIX.length)))
    .map((name) => join(folder, name));
}

/** Copies an executable into the cache at once: a concurrent reader sees the whole file or none. */
export function addToCache(folder: string, executable: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${PREFIX}${version}`);
  const partial = `${path}.${process.pid}.partial`;
  copyFileSync(executable, partial);
  renameSync(partial, path);
  return path;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
