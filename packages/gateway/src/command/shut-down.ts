import type { Logger } from '../telemetry/logger.ts';

/** Half a second less than whoever sent the signal has been promised, in ms. */
const DEADLINE_MS = 4_500;

/**
 * Disposes of the gateway, as soon as it has started. If that takes too long, `exit` is called
 * and has to end the process.
 *
 * @throws what it fails to start with.
 */
export async function shutDown(
  gateway: AsyncDisposable | Promise<AsyncDisposable>,
  logger: Logger,
  exit: () => void,
): Promise<void> {
  // Stays set: what keeps the process alive after the disposal is cut short too.
  setTimeout(() => {
    logger.warn({}, 'shutting down took too long and was cut short');
    exit();
  }, DEADLINE_MS).unref();
  await (await gateway)[Symbol.asyncDispose]();
  logger.info({}, 'stopped');
}
