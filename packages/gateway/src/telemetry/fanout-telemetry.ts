import { randomUUID } from 'node:crypto';
import { GatewayError, LoggedError } from '../errors.ts';
import type { FailureOutcome, FanoutServices } from '../fanout/fanout.ts';
import { errorFields } from './error-fields.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { Throttle } from './throttle.ts';

/** Failures at one place in the code are logged once in so long, in ms. */
const LOG_INTERVAL_MS = 60_000;

export type FanoutMetrics = Pick<Metrics, 'delivered' | 'fanoutFailed'>;

export type FanoutTelemetry = Required<Pick<FanoutServices, 'delivered' | 'failed'>>;

const MESSAGES = {
  retried: 'a record could not be handed out live: its subscribers read it from the journal',
  ended: 'a record could not be handed out: the subscription ends with an error',
} as const satisfies Record<FailureOutcome, string>;

/**
 * Counts what is handed out and what fails. Failures of one kind, at one place in the code, share
 * a line in the log and its id, for thousands of subscriptions may meet the same one.
 */
export function createFanoutTelemetry(logger: Logger, metrics: FanoutMetrics): FanoutTelemetry {
  const throttle = new Throttle<string>(LOG_INTERVAL_MS);
  const errorIds = new Map<string, string>();
  return {
    delivered: metrics.delivered,
    failed(error, outcome) {
      // Said by the gateway on purpose: it is going away, say.
      if (error instanceof GatewayError) return error;
      metrics.fanoutFailed(outcome);
      const fields = errorFields(error);
      const kind = [outcome, fields.error, fields.code, fields.stack?.[0]].join(' ');
      const unlogged = throttle.pass(kind);
      const known = errorIds.get(kind);
      if (unlogged === undefined && known !== undefined) return new LoggedError(known, error);
      const errorId = randomUUID();
      errorIds.set(kind, errorId);
      logger.error({ errorId, unlogged, ...fields }, MESSAGES[outcome]);
      return new LoggedError(errorId, error);
    },
  };
}
