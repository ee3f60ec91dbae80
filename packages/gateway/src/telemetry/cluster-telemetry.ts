import type { ClusterObserver } from '../cluster/cluster.ts';
import { errorFields } from './error-fields.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { Throttle } from './throttle.ts';

const REPEATED_LOG_INTERVAL_MS = 60_000;

/** Says in the log and the metrics what goes on between the gateways that share a log. */
export function createClusterTelemetry(logger: Logger, metrics: Metrics): ClusterObserver {
  const unreadables = new Throttle<'message'>(REPEATED_LOG_INTERVAL_MS);
  return {
    joined(gateway) {
      logger.info({ gateway }, `gateway ${gateway} is in the cluster`);
    },
    left(gateway) {
      logger.warn({ gateway }, `gateway ${gateway} has left the cluster: others take its boxes`);
    },
    taken(box) {
      metrics.boxTaken();
      logger.info({ box }, `this gateway listens to box ${box}`);
    },
    lost(box, to) {
      metrics.boxLost();
      const whom = to === undefined ? 'another gateway' : `gateway ${to}`;
      logger.info(
        { box, ...(to !== undefined && { gateway: to }) },
        `${whom} listens to box ${box}`,
      );
    },
    fault(box, error) {
      logger.error(
        { box, ...errorFields(error) },
        `box ${box}: the gateway could not take it over; it tries again`,
      );
    },
    unreadable(error) {
      const unlogged = unreadables.pass('message');
      if (unlogged === undefined) return;
      logger.warn(
        { unlogged, ...errorFields(error) },
        'a message of another gateway can’t be read and is ignored',
      );
    },
  };
}
