import type { BoxError } from '@se5/core';
import type { BoxId } from '../config/ids.ts';
import type { FleetObserver } from '../fleet/fleet-observer.ts';
import { errorFields } from './error-fields.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { Throttle } from './throttle.ts';

/** One box that sends nothing but rubbish fills no disk. */
const UNREADABLE_LOG_INTERVAL_MS = 60_000;

/** A camera that spoils its pictures spoils all of them. */
const SPOILT_LOG_INTERVAL_MS = 60_000;

/** A list that fails is asked for again and again; a line each hour keeps it in mind. */
const DEVICES_LOG_INTERVAL_MS = 3_600_000;

/**
 * Says in the log what goes on between us and the boxes: a line for each change, not for each
 * attempt, and never a word of what a box sent.
 */
export function createFleetTelemetry(logger: Logger, metrics: Metrics): FleetObserver {
  const reachable = new Map<BoxId, boolean>();
  const unreadable = new Throttle<BoxId>(UNREADABLE_LOG_INTERVAL_MS);
  const spoilt = new Throttle<BoxId>(SPOILT_LOG_INTERVAL_MS);
  const deviceFailures = new Throttle<BoxId>(DEVICES_LOG_INTERVAL_MS);

  return {
    link(box, state, previous) {
      logger.debug({ box, state: state.name, previous: previous.name }, 'link state');
      switch (state.name) {
        case 'LIVE':
        case 'SILENT':
          if (reachable.get(box) !== true) logger.info({ box }, `box ${box} is connected`);
          else if (state.name === 'SILENT') logger.info({ box }, `box ${box} has gone silent`);
          else logger.info({ box }, `box ${box} sends events again`);
          reachable.set(box, true);
          return;
        case 'CONNECTING':
        case 'BACKING_OFF':
          if (state.lastError === undefined) return;
          if (reachable.get(box) !== false) {
            logger.warn(
              { box, ...about(state.lastError) },
              `box ${box}: ${state.lastError.message}; trying until it answers`,
            );
          }
          reachable.set(box, false);
          return;
        case 'STOPPED':
          return;
        default:
          state satisfies never;
      }
    },

    unreadable(box, error) {
      metrics.unreadable(box);
      const unlogged = unreadable.pass(box);
      if (unlogged === undefined) return;
      logger.warn(
        { box, ...about(error), unlogged },
        `box ${box}: a message was skipped: ${error.message}`,
      );
    },

    spoiltPicture(box, device, { slot, reason, bytes }) {
      metrics.spoiltPicture(box, slot, reason);
      const unlogged = spoilt.pass(box);
      if (unlogged === undefined) return;
      const found = reason === 'base64' ? 'not valid base64' : 'of an unknown format';
      logger.warn(
        { box, device, slot, reason, bytes, unlogged },
        `box ${box}: the ${slot} picture of an event of device ${device} is ${found} (${bytes} bytes); the event is kept`,
      );
    },

    devicesFailed(box, error) {
      // A box that is out of reach has been reported as that.
      if (reachable.get(box) !== true) return;
      const unlogged = deviceFailures.pass(box);
      if (unlogged === undefined) return;
      logger.warn(
        { box, ...about(error), unlogged },
        `box ${box}: not all of its devices could be read: ${error.message}`,
      );
    },

    backfill(box, { state, from, to, recovered, missingPictures, error }) {
      const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      const fields = { box, ...span, recovered, ...(missingPictures > 0 && { missingPictures }) };
      if (state === 'RUNNING') {
        logger.debug(fields, `box ${box}: reading missed events back`);
        return;
      }
      metrics.backfilled(box, recovered, state === 'COMPLETE');
      if (state === 'COMPLETE') {
        const without =
          missingPictures > 0 ? `; ${missingPictures} of their pictures could not be read` : '';
        logger.info(
          fields,
          `box ${box}: ${recovered} missed events were read back from it${without}`,
        );
        return;
      }
      const why = error === undefined ? '' : `: ${error.message}`;
      logger.warn(
        { ...fields, ...(error && about(error)) },
        `box ${box}: not all missed events could be read back from it${why}`,
      );
    },

    fault(box, error) {
      logger.error({ box, ...errorFields(error) }, `box ${box}: the gateway failed internally`);
    },
  };
}

const about = ({ code, detail }: BoxError) => ({ code, ...detail });
