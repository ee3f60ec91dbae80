import { findNatsServer } from '@se5/nats-server';
import type { Measurement } from '../../report/measurement.ts';
import type { Figure } from '../figure.ts';
import { measureBalance } from './balance.ts';
import { measureDeliveries } from './deliveries.ts';
import { measureIngest } from './ingest.ts';
import { measureLatency } from './latency.ts';
import { measureTakeover } from './takeover.ts';

const PARTS = [
  measureLatency,
  measureDeliveries,
  measureIngest,
  measureTakeover,
  measureBalance,
] as const;

export const cluster: Figure = {
  name: 'cluster',
  title: 'Several gateways that share a log on NATS JetStream',
  measure: async (bench) => {
    if (findNatsServer() === undefined) {
      bench.log('cluster: there is no nats-server; `pnpm nats` gets one');
      return [];
    }
    const measurements: Measurement[] = [];
    for (const part of PARTS) measurements.push(...(await part(bench)));
    return measurements;
  },
};
