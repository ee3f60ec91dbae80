import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { GatewayConfig } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { ConfigError } from '../config/problems.ts';
import { configJsonSchema } from '../config/schema.ts';
import { createGateway } from '../gateway.ts';
import { createLogger, isLogLevel, LOG_LEVELS } from '../telemetry/logger.ts';
import { HELP, parseCommand, UsageError } from './arguments.ts';
import { stopSignal } from './signals.ts';

/** When shutting down has not come to its end by then, the process ends all the same, in ms. */
const SHUTDOWN_DEADLINE_MS = 4_500;

async function main(argv: readonly string[]): Promise<void> {
  const command = parseCommand(argv);
  switch (command.name) {
    case 'help':
      return print(HELP);
    case 'version':
      return print(await version());
    case 'schema':
      return print(JSON.stringify(configJsonSchema(), null, 2));
    case 'check':
      return print(`${command.config}: OK, ${summaryOf(await loadConfig(command.config))}`);
    case 'run':
      return run(command.config);
    default:
      command satisfies never;
  }
}

async function run(file: string): Promise<void> {
  const logger = createLogger(logLevel());
  const config = await loadConfig(file);
  if (config.sites.length === 0) logger.warn({ file }, `no sites are configured in ${file}`);

  const gateway = await createGateway(config, { logger });
  logger.info({ url: gateway.url }, `GraphQL at ${gateway.url}/graphql: ${summaryOf(config)}`);

  const signal = await stopSignal(() => process.exit(1));
  logger.info({ signal }, 'shutting down');
  setTimeout(() => {
    logger.warn({}, 'shutting down took too long and was cut short');
    process.exit(0);
  }, SHUTDOWN_DEADLINE_MS).unref();
  await gateway[Symbol.asyncDispose]();
  logger.info({}, 'stopped');
}

function logLevel() {
  const level = process.env['LOG_LEVEL'] ?? 'info';
  if (isLogLevel(level)) return level;
  throw new UsageError(`LOG_LEVEL is "${level}"; allowed: ${LOG_LEVELS.join(', ')}`);
}

function summaryOf({ sites }: GatewayConfig): string {
  const boxes = sites.reduce((sum, site) => sum + site.boxes.length, 0);
  return `${counted(sites.length, 'site')}, ${counted(boxes, 'box', 'boxes')}`;
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

async function version(): Promise<string> {
  const packageJson = new URL('../../package.json', import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(packageJson, 'utf8')))
    .version;
}

const print = (text: string): void => console.log(text);

/** One line for what the user can mend; all there is for what only we can. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return whyNotListening(error) ?? error.stack ?? error.message;
}

function whyNotListening(error: Error): string | undefined {
  if (!('syscall' in error) || !('code' in error)) return undefined;
  const change = 'change `listen` in the configuration';
  switch (error.code) {
    case 'EADDRINUSE':
      return `${addressOf(error)} is taken by another process; stop it, or ${change}`;
    case 'EACCES':
      return `this user may not listen on ${addressOf(error)}; ${change}`;
    case 'EADDRNOTAVAIL':
      return `${addressOf(error)} is not an address of this machine; ${change}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host to listen on is not known (${error.message}); ${change}`;
    default:
      return undefined;
  }
}

const addressOf = (error: Error): string =>
  'address' in error && 'port' in error ? `${error.address}:${error.port}` : 'the address';

await main(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = 1;
  console.error(explain(error));
});
