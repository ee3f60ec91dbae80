import type { AccessObserver } from '../access/access-control.ts';
import type { ClusterObserver } from '../cluster/cluster.ts';
import type { NatsObserver } from '../cluster/open-shared-journal.ts';
import type { FleetObserver } from '../fleet/fleet-observer.ts';
import type { ImageStoreObserver } from '../images/disk/disk-image-store.ts';
import type { SharedPicturesObserver } from '../images/shared/shared-image-store.ts';
import type { IntakeObserver } from '../intake/intake.ts';
import type { LogObserver } from '../journal/nats/nats-journal.ts';
import type { JournalFileObserver } from '../journal/open-journal.ts';
import { type AccessSharingObserver, createAccessTelemetry } from './access-telemetry.ts';
import { createClusterTelemetry } from './cluster-telemetry.ts';
import { createErasureTelemetry, type ErasureTelemetry } from './erasure-telemetry.ts';
import { errorFields } from './error-fields.ts';
import {
  createFanoutTelemetry,
  type FanoutMetrics,
  type FanoutTelemetry,
} from './fanout-telemetry.ts';
import { createFleetTelemetry } from './fleet-telemetry.ts';
import { guardedObserver } from './guard.ts';
import { Health } from './health.ts';
import { createImageTelemetry } from './image-telemetry.ts';
import { createJournalTelemetry } from './journal-telemetry.ts';
import { createLogTelemetry } from './log-telemetry.ts';
import type { Logger } from './logger.ts';
import { createMetrics, type MetricSources, type Metrics } from './metrics.ts';
import { Throttle } from './throttle.ts';

/** What happens again and again while something is wrong is logged once in so long. */
const REPEATED_LOG_INTERVAL_MS = 60_000;

/**
 * Who is told what goes on in the rooms of a gateway, and what can be asked about it. No observer
 * among them throws.
 */
export interface Telemetry {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly fleet: FleetObserver;
  readonly fanout: FanoutTelemetry;
  readonly intake: IntakeObserver;
  readonly journal: JournalFileObserver;
  /** Of a log that several gateways share. */
  readonly log: JournalFileObserver & LogObserver & NatsObserver;
  readonly cluster: ClusterObserver;
  readonly images: ImageStoreObserver & SharedPicturesObserver;
  readonly erasure: ErasureTelemetry;
  readonly access: AccessObserver & AccessSharingObserver;
  /** A request was refused by its Host or Origin. */
  readonly refused: (message: string) => void;
  /** A connection was closed unheard: too many are open in all, or from its address. */
  readonly connectionRefused: (reason: 'all' | 'address', address: string | undefined) => void;
  /** The event loop was later than `lagWarning`, by so many ms. */
  readonly lagged: (lagMs: number) => void;
  /** A request failed by no fault of its own. */
  readonly fault: (error: unknown, errorId?: string) => void;
}

export function createTelemetry(logger: Logger, sources: MetricSources): Telemetry {
  const metrics = createMetrics(sources);
  const health = new Health(sources.links);
  const losses = new Throttle<'journal'>(REPEATED_LOG_INTERVAL_MS);
  const refusals = new Throttle<'origin' | 'all' | 'address'>(REPEATED_LOG_INTERVAL_MS);

  const lags = new Throttle<'loop'>(REPEATED_LOG_INTERVAL_MS);
  const failures = new Throttle<'observer'>(REPEATED_LOG_INTERVAL_MS);
  const guarded = <Observer extends Record<keyof Observer, (...args: never[]) => void>>(
    observer: Observer,
  ): Observer =>
    guardedObserver(observer, (error) => {
      const unlogged = failures.pass('observer');
      if (unlogged === undefined) return;
      logger.error(
        { unlogged, ...errorFields(error) },
        'log or metrics failed internally: they miss an occurrence',
      );
    });

  const journal = guarded(createJournalTelemetry(logger, metrics, health));
  return {
    health,
    metrics,
    journal,
    log: { ...journal, ...guarded(createLogTelemetry(logger, health)) },
    cluster: guarded(createClusterTelemetry(logger, metrics)),
    images: guarded(createImageTelemetry(logger, metrics)),
    erasure: guarded(createErasureTelemetry(logger)),
    access: guarded(createAccessTelemetry(logger, metrics)),
    fleet: guarded(createFleetTelemetry(logger, metrics)),
    fanout: createFanoutTelemetry(
      logger,
      guarded<FanoutMetrics>({ delivered: metrics.delivered, fanoutFailed: metrics.fanoutFailed }),
    ),
    intake: guarded<IntakeObserver>({
      event: metrics.event,
      duplicate: metrics.duplicate,
      lost(box, error) {
        metrics.dropped('journal');
        const unlogged = losses.pass('journal');
        if (unlogged === undefined) return;
        logger.error(
          { box, unlogged, ...errorFields(error) },
          'the journal could not take an event: it reaches nobody',
        );
      },
    }),
    ...guarded<Pick<Telemetry, 'refused' | 'connectionRefused' | 'lagged' | 'fault'>>({
      refused(message) {
        const unlogged = refusals.pass('origin');
        if (unlogged !== undefined) logger.warn({ unlogged }, `a request was refused: ${message}`);
      },
      connectionRefused(reason, address) {
        metrics.connectionRefused(reason);
        const unlogged = refusals.pass(reason);
        if (unlogged === undefined) return;
        const key = reason === 'all' ? 'limits.connections' : 'limits.connectionsPerAddress';
        logger.warn({ address, unlogged }, `a connection was refused: ${key} is reached`);
      },
      lagged(lag) {
        const unlogged = lags.pass('loop');
        if (unlogged === undefined) return;
        const lagMs = Math.round(lag);
        logger.warn({ lagMs, unlogged }, `the gateway served nobody for ${lagMs} ms (lagWarning)`);
      },
      fault(error, errorId) {
        logger.error({ errorId, ...errorFields(error) }, 'a request could not be answered');
      },
    }),
  };
}
