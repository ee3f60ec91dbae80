import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FirstProcess } from '../vitest/first-process.ts';
import type { PublicPackage } from './packages.ts';
import { CommandError, run } from './run.ts';

interface Server {
  /** The arguments, for an installation in that folder. */
  args(folder: string): string[];
  /** Captures something of what it prints once it serves. */
  readonly serves: RegExp;
}

/** The commands that serve until a signal. */
const SERVERS: Readonly<Record<string, Server>> = {
  'se5-gateway': {
    args(folder) {
      const config = join(folder, 'gateway.yaml');
      writeFileSync(config, 'listen: 127.0.0.1:0\nsites: [{ id: site, boxes: [] }]\n');
      return ['--config', config];
    },
    serves: /"url":"(.*?)"/,
  },
  'se5-simulate': {
    args: () => ['--event-port', '0', '--api-port', '0'],
    serves: /(ws:\S+)/,
  },
};

/** Ends a server that neither serves nor ends. */
const HANG_MS = 60_000;

/** Runs each command of a package that is installed in `folder`: its help, its version, itself. */
export async function commandProblems(
  { manifest }: PublicPackage,
  folder: string,
): Promise<string[]> {
  const problems: string[] = [];
  for (const command of Object.keys(manifest.bin)) {
    const file = join(folder, 'node_modules/.bin', command);
    try {
      const help = run(process.execPath, [file, '--help'], folder);
      if (help.includes('--version')) {
        const version = run(process.execPath, [file, '--version'], folder).trim();
        if (version !== manifest.version) {
          problems.push(`\`${command} --version\` says ${version}, expected ${manifest.version}`);
        }
      }
      const server = SERVERS[command];
      if (server !== undefined) await serveOnce([file, ...server.args(folder)], server.serves);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      problems.push(error instanceof CommandError ? error.message : `${command}: ${error.message}`);
    }
  }
  return problems.map((problem) => `${manifest.name}: ${problem}`);
}

/** What a server that runs in spite of missing files says of them. */
const FAULT = /^.*"level":"(?:warn|error|fatal)".*$/m;

/** @throws {Error} when it does not serve, logs a fault, or does not end with 0 on SIGTERM. */
async function serveOnce(args: readonly string[], serves: RegExp): Promise<void> {
  await using server = new FirstProcess([process.execPath, ...args]);
  await Promise.race([server.printed(serves), hang('serves nothing')]);
  const code = await Promise.race([server.end('SIGTERM'), hang('does not end on SIGTERM')]);
  if (code !== 0) throw new Error(`SIGTERM ended it with ${code}, expected 0`);
  const [fault] = FAULT.exec(server.output) ?? [];
  if (fault !== undefined) throw new Error(`it logs a fault: ${fault}`);
}

async function hang(what: string): Promise<never> {
  await sleep(HANG_MS, undefined, { ref: false });
  throw new Error(`it ${what} within ${HANG_MS / 1000} s`);
}
