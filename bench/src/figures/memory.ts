import { setTimeout as delay } from 'node:timers/promises';
import { Contender } from '../contenders/process.ts';
import { Audience } from '../load/audience.ts';
import { Boxes } from '../load/boxes.ts';
import { synchronise } from '../load/traffic.ts';
import { PLAIN } from '../operations.ts';
import { count, type Figure } from './figure.ts';
import { atMost, ofGateway, summarise, takeTurns } from './rounds.ts';

/** Subscribers that come and go first, so that code and pools that one pays once are paid. */
const WARM_UP_SUBSCRIBERS = 200;

/** For a server to have done what is to be done when clients come or go, in ms. */
const SETTLE_MS = 1_000;

/** The bytes of the bare broadcast do not matter here, but the client wants an answer. */
const ANSWER =
  '{"id":"1","type":"next","payload":{"data":{"recognitionEvents":{"identityId":""}}}}';

export const memory: Figure = {
  name: 'memory',
  title: 'Memory of an idle subscription',
  async measure(bench) {
    const subscribers = bench.plan.scaled(10_000);
    const operations = [PLAIN];
    const names = ['gateway', 'bare', 'yoga'] as const;
    const rounds = await takeTurns(bench, 'memory', names, async (name) => {
      await using boxes = await Boxes.open();
      await using server = await Contender.start(name, boxes, { core: bench.core, answer: ANSWER });
      {
        const warmUp = bench.plan.scaled(WARM_UP_SUBSCRIBERS);
        using audience = await Audience.connect(server, { subscribers: warmUp, operations });
        await synchronise(audience);
      }
      const before = await settledRss(server);
      using audience = await Audience.connect(server, { subscribers, operations });
      const after = await settledRss(server);
      // That all of them were subscribed is seen only now: they were to be idle.
      await synchronise(audience);
      return (after - before) / subscribers;
    });
    return summarise(memory.name, rounds, [
      {
        scenario: `${count(subscribers)} idle subscriptions, resident`,
        unit: 'bytes each',
        of: (rss) => rss,
        rule: ofGateway(atMost(14_000)),
      },
    ]);
  },
};

async function settledRss(server: Contender): Promise<number> {
  await delay(SETTLE_MS);
  const { rss } = await server.usage('collect');
  return rss;
}
