import { CONTENDERS } from '../contenders/contender.ts';
import type { Figure } from './figure.ts';
import { PICTURED } from './operations.ts';
import { CPU_PER_DELIVERY, count, cpuPerDelivery, loadBusy } from './quantities.ts';
import { againstBare, atMost, summarise, takeServerTurns } from './rounds.ts';
import { Servers } from './server.ts';
import { Session } from './session.ts';

const PICTURE_BYTES = 30_000;

export const pictures: Figure = {
  name: 'pictures',
  title: 'Fan-out with three pictures inline',
  async measure(bench) {
    const { windowMs, pictures: plan } = bench.plan;
    await using servers = await Servers.start(
      bench,
      CONTENDERS,
      { pictureBytes: PICTURE_BYTES },
      PICTURED,
    );
    const rounds = await takeServerTurns(bench, 'pictures', servers.all, async (server) => {
      await using session = await Session.open(bench, server, {
        subscribers: plan.subscribers,
        operations: [PICTURED],
        picturesAsked: true,
        picturesShown: true,
      });
      return await session.measure({ kind: 'lockstep', durationMs: windowMs, eventsPerBurst: 1 });
    });
    return [
      summarise(
        {
          figure: pictures.name,
          scenario: `${count(plan.subscribers)} subscribers, three pictures of 30 KB`,
          unit: CPU_PER_DELIVERY,
          of: cpuPerDelivery,
          loadBusy,
          verdicts: [againstBare(atMost(1.1))],
        },
        rounds,
      ),
    ];
  },
};
