import { loadConfig } from '../config/load.ts';
import { createGateway } from '../gateway.ts';
import { createLogger, isLogLevel, LOG_LEVELS } from '../telemetry/logger.ts';
import { UsageError } from './arguments.ts';
import { collectGarbageBySize } from './collect-garbage-by-size.ts';
import { shutDown } from './shut-down.ts';
import { stopSignal } from './signals.ts';
import { summaryOf } from './summary.ts';

/** Settles when a signal has stopped the gateway. */
export async function run(file: string): Promise<void> {
  collectGarbageBySize();
  const logger = createLogger(logLevel());
  const config = await loadConfig(file);
  if (config.sites.length === 0) logger.warn({ file }, `no sites are configured in ${file}`);

  // Listened for from here on: one that comes while the gateway starts shall not cut it short.
  const stopped = stopSignal(() => process.exit(1));
  const gateway = await createGateway(config, { logger });
  logger.info({ url: gateway.url }, `GraphQL at ${gateway.url}/graphql: ${summaryOf(config)}`);

  const signal = await stopped;
  logger.info({ signal }, 'shutting down');
  await shutDown(gateway, logger, () => process.exit(0));
}

function logLevel() {
  const level = process.env['LOG_LEVEL'] ?? 'info';
  if (isLogLevel(level)) return level;
  throw new UsageError(`LOG_LEVEL is "${level}"; allowed: ${LOG_LEVELS.join(', ')}`);
}
