import { startNatsServer } from '@se5/nats-server';
import type { Contender } from '../../contenders/process.ts';
import { Boxes } from '../../load/boxes.ts';
import type { Measurement } from '../../report/measurement.ts';
import type { Bench } from '../figure.ts';
import { atMost, ofGateway, summarise, takeTurns } from '../rounds.ts';
import { startMember } from './member.ts';

const BOXES = 12;
const GATEWAYS = 3;

/** How long nobody listens to the boxes of a gateway that is killed. */
export async function measureTakeover(bench: Bench): Promise<Measurement[]> {
  const rounds = await takeTurns(bench, 'cluster, takeover', ['gateway'], takeOver);
  const what = `${BOXES} boxes, ${GATEWAYS} gateways of which one is killed: a box is heard again`;
  return summarise('cluster', rounds, [
    { scenario: `${what}, median`, unit: 'ms', of: ({ median }) => median },
    {
      scenario: `${what}, worst`,
      unit: 'ms',
      of: ({ worst }) => worst,
      rule: ofGateway(atMost(5_000)),
    },
  ]);
}

async function takeOver(): Promise<{ readonly median: number; readonly worst: number }> {
  await using nats = await startNatsServer();
  await using boxes = await Boxes.open({ boxes: BOXES });
  await using owned = new AsyncDisposableStack();
  const gateways: Contender[] = [];
  for (let number = 1; number <= GATEWAYS; number += 1) {
    gateways.push(owned.use(await startMember(nats, boxes, `gateway-${number}`)));
  }
  for (;;) {
    const retaken = boxes.retaken();
    gateways.pop()?.kill();
    const times = (await retaken).toSorted((a, b) => a - b);
    const [median, worst] = [times[Math.floor(times.length / 2)], times.at(-1)];
    // A gateway that has just come may have no box yet: then it is the turn of the next.
    if (median !== undefined && worst !== undefined) return { median, worst };
    if (gateways.length === 1) throw new Error('no gateway had a box to lose');
  }
}
