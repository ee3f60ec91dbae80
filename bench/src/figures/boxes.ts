import { PLAIN } from '../operations.ts';
import type { Measurement } from '../report/measurement.ts';
import { count, type Figure } from './figure.ts';
import { againstBare } from './rounds.ts';
import { CPU_PER_EVENT, inLockstep, sideBySide } from './side-by-side.ts';

const SUBSCRIBERS = 10;

export const boxes: Figure = {
  name: 'boxes',
  title: 'What an event costs, by the number of boxes',
  async measure(bench) {
    const measurements: Measurement[] = [];
    for (const full of [1, 10, 100, 1_000]) {
      const number = bench.plan.scaled(full);
      const scenario = `${count(number)} boxes, ${SUBSCRIBERS} subscribers, one by one`;
      const rows = [{ scenario, ...CPU_PER_EVENT, rule: againstBare() }];
      measurements.push(
        ...(await sideBySide(bench, {
          figure: boxes.name,
          contenders: ['gateway', 'bare'],
          boxes: number,
          operations: [PLAIN],
          runs: [{ subscribers: SUBSCRIBERS, pace: inLockstep(bench.plan), rows }],
        })),
      );
    }
    return measurements;
  },
};
