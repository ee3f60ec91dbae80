import { setTimeout as delay } from 'node:timers/promises';
import type { ContenderName } from '../contenders/contender.ts';
import type { Memory } from '../contenders/host.ts';
import type { Bench, Figure } from './figure.ts';
import { PLAIN } from './operations.ts';
import { count } from './quantities.ts';
import { atMost, ofGateway, summarise, takeTurns } from './rounds.ts';
import { Server } from './server.ts';
import { Session } from './session.ts';

const COMPARED: readonly ContenderName[] = ['gateway', 'bare', 'yoga'];

/** Subscribers that come and go first, so that code and pools that one pays once are paid. */
const WARM_UP_SUBSCRIBERS = 200;

/** For a server to have done what is to be done when clients come or go, in ms. */
const SETTLE_MS = 1_000;

interface Grown {
  readonly rss: number;
  readonly heapUsed: number;
}

export const memory: Figure = {
  name: 'memory',
  title: 'Memory of an idle subscription',
  async measure(bench) {
    const subscriptions = Math.min(bench.plan.memory.subscriptions, bench.maxSubscribers);
    const rounds = await takeTurns(bench, 'memory', COMPARED, async (name): Promise<Grown> => {
      // The bytes of the bare broadcast do not matter here, but the client wants an answer.
      await using server = await Server.start(bench, name, {}, ANSWER);
      await comeAndGo(bench, server, Math.min(WARM_UP_SUBSCRIBERS, subscriptions));
      const before = await settledMemory(server);
      await using session = await Session.connect(bench, server, {
        subscribers: subscriptions,
        operations: [PLAIN],
      });
      const after = await settledMemory(server);
      // That all of them were subscribed is seen only now: they were to be idle.
      await session.synchronise();
      return {
        rss: (after.rss - before.rss) / subscriptions,
        heapUsed: (after.heapUsed - before.heapUsed) / subscriptions,
      };
    });
    const scenario = `${count(subscriptions)} idle subscriptions`;
    return [
      summarise(
        {
          figure: memory.name,
          scenario: `${scenario}, resident`,
          unit: 'bytes each',
          of: ({ rss }) => rss,
          verdicts: [ofGateway(atMost(14_000))],
        },
        rounds,
      ),
      summarise(
        {
          figure: memory.name,
          scenario: `${scenario}, of which on V8's heap`,
          unit: 'bytes each',
          of: ({ heapUsed }) => heapUsed,
        },
        rounds,
      ),
    ];
  },
};

const ANSWER =
  '{"id":"1","type":"next","payload":{"data":{"recognitionEvents":{"identityId":""}}}}';

async function comeAndGo(bench: Bench, server: Server, subscribers: number): Promise<void> {
  await using session = await Session.open(bench, server, { subscribers, operations: [PLAIN] });
  await session.send({ kind: 'lockstep', durationMs: 0, eventsPerBurst: 1 });
}

async function settledMemory(server: Server): Promise<Memory> {
  await delay(SETTLE_MS);
  return server.process.call('settledMemory');
}
