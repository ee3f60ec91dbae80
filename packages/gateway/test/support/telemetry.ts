import { createTelemetry } from '../../src/telemetry/gateway-telemetry.ts';
import type { MetricSources } from '../../src/telemetry/metrics.ts';
import { recordedLog } from './recorded-log.ts';

/** The figures of a gateway in which nothing has happened yet. */
export const IDLE: MetricSources = {
  links: () => [],
  boxes: () => [],
  storage: {
    journalBytes: async () => undefined,
    oldestReceivedAt: async () => undefined,
    freeBytes: async () => undefined,
  },
  now: () => 0,
  subscribers: () => 0,
  executions: () => 0,
  images: () => ({ pictures: 0, bytes: 0, lost: 0 }),
  unreadBytes: () => 0,
  loopLagMs: () => 0,
  linesLost: () => 0,
  auditLinesLost: () => 0,
};

/** A gateway's telemetry, and the lines that it logs. */
export function watchedTelemetry(sources: Partial<MetricSources> = {}) {
  const { logger, lines } = recordedLog();
  return { ...createTelemetry(logger, { ...IDLE, ...sources }), lines };
}
