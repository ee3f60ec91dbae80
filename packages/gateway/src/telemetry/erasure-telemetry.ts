import type { ErasureTelemetry } from '../erasure/listen.ts';
import { errorFields } from './error-fields.ts';
import type { Logger } from './logger.ts';

/** Says in the log that something was erased, and not whom. */
export const createErasureTelemetry = (logger: Logger): ErasureTelemetry => ({
  erased({ events, pictures }) {
    logger.info({ events, pictures }, `erased ${events} events and ${pictures} pictures`);
  },
  failed(error) {
    logger.error(errorFields(error), 'not all could be erased');
  },
  unreachable(path, error) {
    logger.warn(
      { path, ...errorFields(error) },
      'no socket for `erase`: stop the gateway when something is to be erased',
    );
  },
});
