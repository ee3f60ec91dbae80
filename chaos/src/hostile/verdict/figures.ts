import { transportName } from '../../clients/audience.ts';
import type { ClientRecord } from '../../clients/subscriber.ts';
import type { SentEvent } from '../../world/sent-event.ts';
import type { GatewayWatch } from '../gateway-watch.ts';
import type { HistoryReader } from '../history-reader.ts';
import { type Latency, latencyOf, type Timing } from './latency.ts';

/** What the gateway says that it takes to end, in ms. */
const STOP_MS = 5_000;

/**
 * What the gateway's memory may come to, in bytes. By default answers that are not read may hold
 * 256 MiB, entries that wait for the disk 256 MiB, and pictures, pages, caches, queues and the
 * messages of boxes as much again; the rest is what Node needs, and garbage that it has not
 * collected yet.
 */
const MEMORY_BOUND_BYTES = 1_536 * 2 ** 20;

/** How long honest clients waited, by what they waited for. */
export function latenciesOf(
  records: readonly ClientRecord[],
  sent: readonly SentEvent[],
  reader: HistoryReader,
  watch: GatewayWatch,
  phases: Parameters<typeof latencyOf>[2],
): readonly Latency[] {
  const live = Map.groupBy(records.entries(), ([client]) => transportName(client));
  return [
    ...[...live].map(([transport, members]) => {
      const timings = members.flatMap(([, { received }]) =>
        received.flatMap(({ serial, at }): Timing[] => {
          const origin = sent[serial];
          return origin ? [{ at: origin.at, ms: at - origin.at }] : [];
        }),
      );
      return latencyOf(`events over ${transport}`, timings, phases);
    }),
    latencyOf('pages of history', reader.answers, phases),
    latencyOf('/readyz', watch.answers, phases),
  ];
}

/** What took longer, or more memory, than it may. */
export function excessesOf(
  latencies: readonly Latency[],
  { record, failures }: HistoryReader,
  memory: number | undefined,
  stopMs: number,
): readonly string[] {
  const excesses = latencies
    .filter(({ hostileP99, bound }) => hostileP99 > bound)
    .map(
      ({ name, hostileP99, bound }) =>
        `${name}: p99 of ${hostileP99} ms; expected ${bound} ms at most`,
    );
  const readBack = record.received.filter(({ delivery }) => delivery !== 'LIVE').length;
  if (readBack > 0) excesses.push(`${readBack} honest events came late, after their link was lost`);
  if (failures.length > 0) {
    excesses.push(`${failures.length} pages of history could not be had: ${failures[0]}`);
  }
  if (memory !== undefined && memory > MEMORY_BOUND_BYTES) {
    excesses.push(`memory of ${memory} bytes; expected ${MEMORY_BOUND_BYTES} at most`);
  }
  if (stopMs > STOP_MS)
    excesses.push(`ended ${stopMs} ms after SIGTERM; expected ${STOP_MS} at most`);
  return excesses;
}
