import { type OtherSignal, stopCause } from '@se5/command';
import { loadConfig } from '../config/load.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { errorFields } from '../telemetry/error-fields.ts';
import { createLogger, isLogLevel, LOG_LEVELS } from '../telemetry/logger.ts';
import { UsageError } from './arguments.ts';
import { boundBuffers } from './bound-buffers.ts';
import { leftBehind } from './left-behind.ts';
import { createReload } from './reload.ts';
import { shutDown } from './shut-down.ts';
import { summaryOf } from './summary.ts';

/** Settles when a signal, or an error that nobody caught, has stopped the gateway. */
export async function run(file: string): Promise<void> {
  boundBuffers();
  const logger = createLogger(logLevel());
  const failed = Promise.withResolvers<'ERROR'>();
  process.on('uncaughtException', (error) => {
    process.exitCode = 1;
    logger.error(errorFields(error), 'an uncaught error of the gateway');
    failed.resolve('ERROR');
  });
  // Listened for from here on: one that comes while the gateway starts shall not cut it short.
  const running = Promise.withResolvers<Gateway>();
  const reload = createReload(file, running.promise, logger);
  const stopped = stopCause({
    impatient: () => process.exit(1),
    other: (signal) => (signal === 'SIGHUP' ? reload() : logger.info({ signal }, IGNORED[signal])),
  });
  const config = await loadConfig(file);
  if (config.sites.length === 0) logger.warn({ file }, `no sites are configured in ${file}`);
  const unused = leftBehind(file, config);
  if (unused !== undefined) {
    const { path } = config.journal;
    logger.warn(
      { journal: path, unused },
      `paths count from the folder of ${file}: a new journal begins at ${path}, and the one at ${unused} is not used; move it there, or give its absolute path as journal.path`,
    );
  }

  const starting = new AbortController();
  void stopped.then(() => starting.abort());
  const gateway = createGateway(config, { logger, signal: starting.signal });
  let isStopping = false;
  const started = gateway.then((started) => {
    running.resolve(started);
    const { url } = started;
    if (!isStopping) logger.info({ url }, `GraphQL at ${url}/graphql: ${summaryOf(config)}`);
    return stopped;
  });
  const cause = await Promise.race([started, stopped, failed.promise]);
  isStopping = true;
  logger.info({ cause }, 'shutting down');
  // One that waited for NATS has nothing to stop.
  const stoppable = gateway.catch((error: unknown) => {
    if (error !== starting.signal.reason) throw error;
    return new AsyncDisposableStack();
  });
  await shutDown(stoppable, logger, () => process.exit());
}

const IGNORED: Readonly<Record<Exclude<OtherSignal, 'SIGHUP'>, string>> = {
  SIGUSR1: 'SIGUSR1 is ignored: no inspector is opened',
  SIGUSR2: 'SIGUSR2 is ignored: it has no meaning',
};

function logLevel() {
  const level = process.env['LOG_LEVEL'] ?? 'info';
  if (isLogLevel(level)) return level;
  throw new UsageError(`LOG_LEVEL is "${level}"; allowed: ${LOG_LEVELS.join(', ')}`);
}
