import type { ImageStoreObserver } from '../images/disk/disk-image-store.ts';
import type { SharedPicturesObserver } from '../images/shared/shared-image-store.ts';
import { clockDistrusted } from './clock-distrusted.ts';
import { errorFields } from './error-fields.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { Throttle } from './throttle.ts';

/** While pictures are being lost, or stay too long, a line in so long says so. */
const LOG_INTERVAL_MS = 60_000;

/** Says in the log and the metrics when pictures are not kept as they should be. */
export function createImageTelemetry(
  logger: Logger,
  metrics: Metrics,
): ImageStoreObserver & SharedPicturesObserver {
  const losses = new Throttle<'lost' | 'unshared'>(LOG_INTERVAL_MS);
  const failures = new Throttle<'cleaning'>(LOG_INTERVAL_MS);
  let told: string | undefined;

  return {
    unavailable({ code, message }) {
      // One line for each reason, not for each attempt.
      if (message === told) return;
      told = message;
      metrics.imagesAreWritten(false);
      logger.error({ code }, `${message}; pictures wait in memory, and events continue`);
    },
    available() {
      told = undefined;
      metrics.imagesAreWritten(true);
      logger.info({}, 'pictures are written again');
    },
    exposed(paths) {
      logger.warn(
        { paths },
        `other users could read ${paths.join(', ')}; the gateway removed their rights`,
      );
    },
    clockDistrusted(aheadMs) {
      logger.warn({ aheadMs }, clockDistrusted(aheadMs, 'picture'));
    },
    lost() {
      const unlogged = losses.pass('lost');
      if (unlogged === undefined) return;
      logger.warn({ unlogged }, 'a picture is not kept: it could not be written in time');
    },
    unshared(error) {
      const unlogged = losses.pass('unshared');
      if (unlogged === undefined) return;
      logger.warn(
        { unlogged, ...errorFields(error) },
        'a picture could not be stored for the other gateways',
      );
    },
    cleaningFailed({ code, message }) {
      const unlogged = failures.pass('cleaning');
      if (unlogged === undefined) return;
      logger.error({ code, unlogged }, `${message}; expired pictures could not be deleted`);
    },
  };
}
