import type { JournalFileObserver } from '../journal/open-journal.ts';
import { clockDistrusted } from './clock-distrusted.ts';
import { errorFields } from './error-fields.ts';
import type { Health } from './health.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { Throttle } from './throttle.ts';

/** What happens again and again while something is wrong is logged once in so long, in ms. */
const REPEATED_LOG_INTERVAL_MS = 60_000;

/** How often the log says how far long work is, in ms. */
const PROGRESS_LOG_INTERVAL_MS = 10_000;

/** Says in the log, the metrics and the readiness when the journal is not what it should be. */
export function createJournalTelemetry(
  logger: Logger,
  metrics: Metrics,
  health: Health,
): JournalFileObserver {
  let told: string | undefined;
  let reason: string | undefined;
  const failures = new Throttle<'listener'>(REPEATED_LOG_INTERVAL_MS);
  const sealings = new Throttle<'sealing'>(PROGRESS_LOG_INTERVAL_MS);

  return {
    unavailable({ code, message }) {
      // One line for each reason, not for each attempt to come back.
      if (message === told) return;
      told = message;
      health.well(reason);
      // Whoever may ask for the readiness need not know where files are.
      reason = `the journal can’t be written (${code}): events are kept in memory only`;
      health.unwell(reason);
      metrics.journalIsWritten(false);
      logger.error({ code }, `${message}; events are kept in memory only until it works again`);
    },
    available({ restored, lost }) {
      health.well(reason);
      [told, reason] = [undefined, undefined];
      metrics.journalIsWritten(true);
      const message = `the journal is written again, with ${restored} records from memory`;
      if (lost === 0) logger.info({ restored }, message);
      else logger.warn({ restored, lost }, `${message}; ${lost} did not fit there and are lost`);
    },
    listenerFailed(error) {
      const unlogged = failures.pass('listener');
      if (unlogged === undefined) return;
      logger.error(
        { unlogged, ...errorFields(error) },
        'the gateway failed internally while it handled a record of the journal',
      );
    },
    exposed(paths) {
      logger.warn(
        { paths },
        `other users could read ${paths.join(', ')}; the gateway removed their rights`,
      );
    },
    clockDistrusted(aheadMs) {
      logger.warn({ aheadMs }, clockDistrusted(aheadMs, 'event'));
    },
    sealing({ left, isDone }) {
      if (isDone) {
        logger.info({}, 'all that an older version wrote in clear into the journal is sealed');
      } else if (sealings.pass('sealing') !== undefined) {
        logger.info({ left }, `sealing the journal: ${left} events are still in clear`);
      }
    },
    sealingFailed(error) {
      logger.warn(
        errorFields(error),
        'events of an older version could not be sealed; the gateway tries again in a minute',
      );
    },
    setAside(path, newPath) {
      logger.error(
        { path, newPath },
        `the journal ${path} is damaged: the gateway renamed it to ${newPath} and began a new one`,
      );
    },
  };
}
