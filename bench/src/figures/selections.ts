import { CONTENDERS } from '../contenders/contender.ts';
import type { CpuShares } from '../contenders/cpu-profile.ts';
import type { Figure } from './figure.ts';
import { SELECTION_DEVICES, variedOperations } from './operations.ts';
import { CPU_PER_DELIVERY, count, cpuPerDelivery, loadBusy } from './quantities.ts';
import { againstBare, summarise, takeServerTurns } from './rounds.ts';
import { Servers } from './server.ts';
import { type Reading, Session } from './session.ts';

interface Profiled extends Reading {
  readonly shares: CpuShares;
}

export const selections: Figure = {
  name: 'selections',
  title: '20 selections, 100 filters',
  async measure(bench) {
    const { windowMs, selections: plan } = bench.plan;
    const lockstep = { kind: 'lockstep', durationMs: windowMs, eventsPerBurst: 1 } as const;
    const operations = variedOperations();
    const [first] = operations;
    if (!first) throw new RangeError('there are operations');
    await using servers = await Servers.start(
      bench,
      CONTENDERS,
      { devices: SELECTION_DEVICES },
      first,
    );
    const rounds = await takeServerTurns(
      bench,
      'selections',
      servers.all,
      async (server): Promise<Profiled> => {
        await using session = await Session.open(bench, server, {
          subscribers: plan.subscribers,
          // Who broadcasts to all knows no filters.
          operations: server.name === 'bare' ? [{ query: first.query }] : operations,
        });
        const reading = await session.measure(lockstep);
        // A profile costs time of its own, so it is taken of other events.
        await server.process.call('startProfile');
        await session.send(lockstep);
        return { ...reading, shares: await server.process.call('stopProfile') };
      },
    );
    const about = {
      figure: selections.name,
      scenario: `${count(plan.subscribers)} subscribers, 20 selections, 100 filters`,
    };
    const percent = (share: keyof CpuShares, what: string) =>
      summarise<Profiled>(
        {
          ...about,
          scenario: `the same, time spent ${what}`,
          unit: '% of busy time',
          of: ({ shares }) => shares[share] * 100,
        },
        rounds,
      );
    return [
      summarise<Profiled>(
        {
          ...about,
          unit: CPU_PER_DELIVERY,
          of: cpuPerDelivery,
          loadBusy,
          verdicts: [againstBare()],
        },
        rounds,
      ),
      percent('execution', 'in GraphQL execution'),
      percent('network', 'on sockets'),
      percent('garbageCollection', 'collecting garbage'),
    ];
  },
};
