import { CONTENDERS, type ContenderName } from '../contenders/contender.ts';
import { GROWTH } from '../figures/growth.ts';
import { type Chart, drawCharts } from './curve-chart.ts';
import { LABELS } from './format.ts';
import type { Measurement } from './measurement.ts';

const COLOURS: Readonly<Record<ContenderName, string>> = {
  gateway: '#0b6bcb',
  bare: '#666666',
  yoga: '#c41c1c',
  mercurius: '#9a5b13',
};

/** How the cost grows, as a picture; undefined when it was not measured. */
export function drawGrowth(measurements: readonly Measurement[]): string | undefined {
  const of = (figure: string) =>
    measurements.filter((measurement) => measurement.figure === figure);
  const subscribers = of(GROWTH.subscribers);
  const boxes = of(GROWTH.boxes);
  if (subscribers.length === 0 || boxes.length === 0) return undefined;
  return drawCharts([
    chartOf(subscribers, { title: 'Cost of a delivery', xLabel: 'subscribers' }),
    chartOf(boxes, { title: 'Cost of an event, 10 subscribers', xLabel: 'boxes' }),
  ]);
}

const chartOf = (
  measurements: readonly Measurement[],
  labels: Pick<Chart, 'title' | 'xLabel'>,
): Chart => ({
  ...labels,
  yLabel: measurements[0]?.unit ?? '',
  curves: CONTENDERS.map((name) => ({
    label: LABELS[name],
    colour: COLOURS[name],
    points: measurements.flatMap(({ at, by }) => {
      const statistic = by[name];
      return at === undefined || !statistic ? [] : [{ x: at, y: statistic.median }];
    }),
  })).filter(({ points }) => points.length > 0),
});
