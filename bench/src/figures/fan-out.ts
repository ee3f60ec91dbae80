import { PLAIN } from '../operations.ts';
import type { Target } from '../report/measurement.ts';
import { count, type Figure } from './figure.ts';
import { againstBare, atLeast, atMost } from './rounds.ts';
import { CPU_PER_DELIVERY, inLockstep, type Run, sideBySide } from './side-by-side.ts';

/** Events under way when as many as possible are sent. */
const IN_FLIGHT = 100;

export const fanOut: Figure = {
  name: 'fan-out',
  title: 'Fan-out without pictures, by the number of subscribers',
  measure(bench) {
    const { plan } = bench;
    const inBursts = (full: number, eventsPerBurst: number, target?: Target): Run => {
      const subscribers = plan.scaled(full);
      const pace = eventsPerBurst === 1 ? 'one by one' : `bursts of ${eventsPerBurst}`;
      const scenario = `${count(subscribers)} subscribers, ${pace}`;
      return {
        subscribers,
        pace: inLockstep(plan, eventsPerBurst),
        rows: [{ scenario, ...CPU_PER_DELIVERY, rule: againstBare(target) }],
      };
    };
    const saturated = (full: number, target: Target): Run => {
      const subscribers = plan.scaled(full);
      return {
        subscribers,
        pace: { kind: 'saturated', durationMs: plan.windowMs, inFlight: IN_FLIGHT },
        rows: [
          {
            scenario: `${count(subscribers)} subscribers, saturated`,
            unit: 'deliveries a second',
            of: ({ deliveries, elapsedMs }) => (deliveries * 1_000) / elapsedMs,
            rule: againstBare(target),
          },
        ],
      };
    };
    return sideBySide(bench, {
      figure: fanOut.name,
      operations: [PLAIN],
      runs: [
        inBursts(10, 1),
        inBursts(100, 1),
        inBursts(500, 1, atMost(1.1)),
        inBursts(500, 10, atMost(0.3)),
        saturated(500, atLeast(3.5)),
        inBursts(1_000, 1),
        inBursts(5_000, 1, atMost(1.1)),
        inBursts(5_000, 10, atMost(0.3)),
        inBursts(10_000, 1),
      ],
    });
  },
};
