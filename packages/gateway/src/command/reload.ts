import { loadConfig } from '../config/load.ts';
import { ConfigError } from '../config/problems.ts';
import type { Gateway } from '../gateway.ts';
import { errorFields } from '../telemetry/error-fields.ts';
import type { Logger } from '../telemetry/logger.ts';

/**
 * Reads the configuration again and puts `access` and `watch` in force, each time that it is called, one after
 * the other. While one waits to begin, further calls are the same request. A file that is wrong
 * changes nothing.
 *
 * @param gateway that is waited for. It must not be reloaded while it does not start.
 */
export function createReload(
  file: string,
  gateway: Promise<Pick<Gateway, 'reload'>>,
  logger: Logger,
): () => void {
  let isWaiting = false;
  let last: Promise<void> = Promise.resolve();

  async function reload(): Promise<void> {
    const running = await gateway;
    isWaiting = false;
    try {
      const restart = await running.reload(await loadConfig(file));
      const inForce = restart.includes('access') ? 'watch is' : 'access and watch are';
      logger.info({ file }, `${file} was read again: ${inForce} in force`);
      if (restart.length > 0) {
        logger.warn({ file, restart }, `restart to apply: ${restart.join(', ')}`);
      }
    } catch (error) {
      if (error instanceof ConfigError) {
        logger.error({ file }, `${file} is not in force, nothing has changed:\n${error.message}`);
      } else {
        logger.error({ file, ...errorFields(error) }, `${file} could not be put in force`);
      }
    }
  }

  return () => {
    if (isWaiting) return;
    isWaiting = true;
    last = last.then(reload);
  };
}
