import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cachedServers, cacheFolder } from './cache.ts';
import { isNewEnough, NEEDED_VERSION, readVersion } from './version.ts';

export const HOW_TO_GET = `install nats-server ${NEEDED_VERSION} or newer (https://github.com/nats-io/nats-server/releases) on the PATH, or set NATS_SERVER_PATH to its executable`;

/**
 * The path of a nats-server that is new enough: the one that NATS_SERVER_PATH names, else the
 * first on the PATH, else the newest that was fetched before. Undefined when there is none.
 *
 * @throws {Error} when NATS_SERVER_PATH names something else.
 */
export function findNatsServer(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { NATS_SERVER_PATH: named, PATH: folders = '' } = environment;
  if (named) {
    const version = versionOf(named);
    if (version !== undefined && isNewEnough(version)) return named;
    const found = version === undefined ? 'is no nats-server that runs here' : `is ${version}`;
    throw new Error(`NATS_SERVER_PATH: ${named} ${found}: ${HOW_TO_GET}`);
  }
  const installed = folders.split(delimiter).map((folder) => join(folder, 'nats-server'));
  return [...installed, ...cachedServers(cacheFolder(environment))].find((path) => {
    const version = versionOf(path);
    return version !== undefined && isNewEnough(version);
  });
}

/** Undefined for everything but a nats-server that runs on this machine. */
export function versionOf(path: string): string | undefined {
  if (!isExecutable(path)) return undefined;
  return readVersion(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? '');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
