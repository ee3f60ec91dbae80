import { PICTURED } from '../operations.ts';
import { count, type Figure } from './figure.ts';
import { againstBare, atMost } from './rounds.ts';
import { CPU_PER_DELIVERY, inLockstep, sideBySide } from './side-by-side.ts';

export const pictures: Figure = {
  name: 'pictures',
  title: 'Fan-out with three pictures inline',
  measure(bench) {
    const subscribers = bench.plan.scaled(500);
    const scenario = `${count(subscribers)} subscribers, three pictures of 30 KB`;
    const rows = [{ scenario, ...CPU_PER_DELIVERY, rule: againstBare(atMost(1.1)) }];
    return sideBySide(bench, {
      figure: pictures.name,
      pictureBytes: 30_000,
      operations: [PICTURED],
      runs: [{ subscribers, pace: inLockstep(bench.plan), rows }],
    });
  },
};
