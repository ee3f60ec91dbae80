import { loadConfig } from '../config/load.ts';
import { createGateway } from '../gateway.ts';
import { createLogger, isLogLevel, LOG_LEVELS } from '../telemetry/logger.ts';
import { UsageError } from './arguments.ts';
import { stopSignal } from './signals.ts';
import { summaryOf } from './summary.ts';

/** When shutting down has not come to its end by then, the process ends all the same, in ms. */
const SHUTDOWN_DEADLINE_MS = 4_500;

/** Settles when a signal has stopped the gateway. */
export async function run(file: string): Promise<void> {
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
