import { Counter, Gauge, type Registry } from 'prom-client';
import type { ClusterFigures } from '../cluster/cluster.ts';

/** Figures of a gateway in a cluster: 0 before it has joined. */
export function addClusterMetrics(
  registers: Registry[],
  figures: () => ClusterFigures | undefined,
): { readonly boxTaken: () => void; readonly boxLost: () => void } {
  const gauge = (name: string, help: string, of: (figures: ClusterFigures) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const now = figures();
        this.set(now ? of(now) : 0);
      },
    });
  gauge(
    'se5_cluster_gateways',
    'Gateways of the cluster that are alive.',
    ({ gateways }) => gateways,
  );
  gauge(
    'se5_cluster_boxes',
    'Boxes that this gateway of a cluster listens to.',
    ({ boxes }) => boxes,
  );
  gauge('se5_log_waiting', 'Entries that wait for the shared log.', ({ waiting }) => waiting);
  gauge(
    'se5_log_behind',
    'Positions of the shared log that this gateway has still to read after its start.',
    ({ behind }) => behind,
  );
  gauge('se5_log_up', '1 while the shared log can be reached.', ({ isUp }) => (isUp ? 1 : 0));
  const taken = new Counter({
    name: 'se5_cluster_boxes_taken_total',
    help: 'Boxes that this gateway took over.',
    registers,
  });
  const lost = new Counter({
    name: 'se5_cluster_boxes_lost_total',
    help: 'Boxes of this gateway that another one took over.',
    registers,
  });
  return { boxTaken: () => taken.inc(), boxLost: () => lost.inc() };
}
