import type { NatsObserver } from '../cluster/open-shared-journal.ts';
import type { LogObserver } from '../journal/nats/nats-journal.ts';
import { errorFields } from './error-fields.ts';
import type { Health } from './health.ts';
import type { Logger } from './logger.ts';
import { Throttle } from './throttle.ts';

/** What happens again and again while something is wrong is logged once in so long, in ms. */
const REPEATED_LOG_INTERVAL_MS = 60_000;

/** How often the log says how far long work is, in ms. */
const PROGRESS_LOG_INTERVAL_MS = 10_000;

const CUT_OFF = 'the shared log can’t be reached: events wait until it can';
const STALLED = 'the file of this gateway can’t be written: its clients get nothing new';
const BEHIND = 'the gateway still reads the shared log: history is not complete';

/** Says in the log and the readiness how this gateway stands with the log that it shares. */
export function createLogTelemetry(
  logger: Logger,
  health: Health,
): Omit<LogObserver, 'listenerFailed'> & NatsObserver {
  const attempts = new Throttle<'waiting' | 'refused' | 'unavailable' | 'stalled'>(
    REPEATED_LOG_INTERVAL_MS,
  );
  const unreadables = new Throttle<'unreadable'>(REPEATED_LOG_INTERVAL_MS);
  const progress = new Throttle<'behind'>(PROGRESS_LOG_INTERVAL_MS);
  let isCutOff = false;
  let isStalled = false;
  let isBehind = false;

  return {
    waiting(error) {
      const unlogged = attempts.pass('waiting');
      if (unlogged === undefined) return;
      logger.warn(
        { unlogged, ...errorFields(error) },
        `the gateway can’t start yet, and waits for NATS: ${error.message}`,
      );
    },
    refused(error) {
      const unlogged = attempts.pass('refused');
      if (unlogged === undefined) return;
      logger.error({ unlogged, ...errorFields(error) }, error.message);
    },
    unavailable(error) {
      health.unwell(CUT_OFF);
      const unlogged = attempts.pass('unavailable');
      if (isCutOff && unlogged === undefined) return;
      isCutOff = true;
      logger.error({ unlogged, ...errorFields(error) }, `${CUT_OFF}; the gateway tries on`);
    },
    stalled({ code, message }) {
      health.unwell(STALLED);
      const unlogged = attempts.pass('stalled');
      if (isStalled && unlogged === undefined) return;
      isStalled = true;
      logger.error({ code, unlogged }, `${message}; ${STALLED}, and other gateways take its boxes`);
    },
    available() {
      if (!isCutOff) return;
      isCutOff = false;
      health.well(CUT_OFF);
      logger.info({}, 'the shared log can be reached again');
    },
    unreadable(position, error) {
      const unlogged = unreadables.pass('unreadable');
      if (unlogged === undefined) return;
      logger.error(
        { position, unlogged, ...errorFields(error) },
        `record ${position} of the shared log can’t be read and is left out; a newer gateway may have written it: update this one`,
      );
    },
    followed(behind) {
      if (isStalled) {
        isStalled = false;
        health.well(STALLED);
        logger.info({}, 'the file of this gateway is written again');
      }
      if (behind > 0) {
        isBehind = true;
        health.unwell(BEHIND);
        if (progress.pass('behind') === undefined) return;
        logger.info({ behind }, `reading the shared log: ${behind} positions are still to come`);
      } else if (isBehind) {
        isBehind = false;
        health.well(BEHIND);
        logger.info({}, 'the gateway has everything that the shared log has');
      }
    },
  };
}
