import type { ContenderName } from '../contenders/contender.ts';
import type { Pace } from '../load/pace.ts';
import type { Measurement } from '../report/measurement.ts';
import type { Bench, Figure } from './figure.ts';
import { PLAIN } from './operations.ts';
import {
  CPU_PER_DELIVERY,
  CPU_PER_EVENT,
  count,
  cpuPerDelivery,
  cpuPerEvent,
  loadBusy,
} from './quantities.ts';
import { againstBare, summarise, takeServerTurns } from './rounds.ts';
import { Servers } from './server.ts';
import { Session } from './session.ts';

/** The names of the two curves, as the measurements carry them. */
export const GROWTH = { subscribers: 'growth-subscribers', boxes: 'growth-boxes' } as const;

/** Enough to see a shape: a curve takes many turns. */
const OVER_SUBSCRIBERS: readonly ContenderName[] = ['gateway', 'bare', 'yoga'];
const OVER_BOXES: readonly ContenderName[] = ['gateway', 'bare'];

/** While the number of boxes grows, the number of subscribers stays. */
const SUBSCRIBERS_OF_BOXES = 10;

export const growth: Figure = {
  name: 'growth',
  title: 'How the cost grows',
  measure: async (bench) => [...(await overSubscribers(bench)), ...(await overBoxes(bench))],
};

const oneByOne = ({ plan }: Bench): Pace => ({
  kind: 'lockstep',
  durationMs: plan.windowMs,
  eventsPerBurst: 1,
});

async function overSubscribers(bench: Bench): Promise<Measurement[]> {
  await using servers = await Servers.start(bench, OVER_SUBSCRIBERS, {}, PLAIN);
  const measurements: Measurement[] = [];
  for (const planned of bench.plan.growth.subscribers) {
    const subscribers = Math.min(planned, bench.maxSubscribers);
    const rounds = await takeServerTurns(
      bench,
      `growth to ${count(subscribers)} subscribers`,
      servers.all,
      async (server) => {
        await using session = await Session.open(bench, server, {
          subscribers,
          operations: [PLAIN],
        });
        return await session.measure(oneByOne(bench));
      },
    );
    measurements.push(
      summarise(
        {
          figure: GROWTH.subscribers,
          scenario: `${count(subscribers)} subscribers`,
          unit: CPU_PER_DELIVERY,
          of: cpuPerDelivery,
          loadBusy,
          at: subscribers,
          verdicts: [againstBare()],
        },
        rounds,
      ),
    );
  }
  return measurements;
}

async function overBoxes(bench: Bench): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const boxes of bench.plan.growth.boxes) {
    await using servers = await Servers.start(bench, OVER_BOXES, { boxes }, PLAIN);
    const rounds = await takeServerTurns(
      bench,
      `growth to ${count(boxes)} boxes`,
      servers.all,
      async (server) => {
        await using session = await Session.open(bench, server, {
          subscribers: SUBSCRIBERS_OF_BOXES,
          operations: [PLAIN],
        });
        return await session.measure(oneByOne(bench));
      },
    );
    measurements.push(
      summarise(
        {
          figure: GROWTH.boxes,
          scenario: `${count(boxes)} boxes, ${SUBSCRIBERS_OF_BOXES} subscribers`,
          unit: CPU_PER_EVENT,
          of: cpuPerEvent,
          loadBusy,
          at: boxes,
          verdicts: [againstBare()],
        },
        rounds,
      ),
    );
  }
  return measurements;
}
