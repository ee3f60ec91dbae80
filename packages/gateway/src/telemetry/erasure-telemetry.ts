import type { ErasureObserver } from '../privacy/erasure/erasures.ts';
import { errorFields } from './error-fields.ts';
import type { Logger } from './logger.ts';

/** Synchronous, must not throw. */
export interface ErasureTelemetry extends ErasureObserver {
  /** `erase` can't ask the running gateway. */
  unreachable(path: string, error: unknown): void;
}

/** Says in the log that something was erased, and not whom. */
export const createErasureTelemetry = (logger: Logger): ErasureTelemetry => ({
  erased({ events, pictures }) {
    logger.info({ events, pictures }, `erased ${events} events and ${pictures} pictures`);
  },
  failed(error) {
    logger.error(errorFields(error), 'an erasure failed: not all data could be erased');
  },
  unreachable(path, error) {
    logger.warn(
      { path, ...errorFields(error) },
      '`erase` can’t reach this gateway: stop the gateway before you run `erase`',
    );
  },
});
