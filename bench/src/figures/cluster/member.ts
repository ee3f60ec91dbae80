import type { NatsServer } from '@se5/nats-server';
import { Contender } from '../../contenders/process.ts';
import type { Boxes } from '../../load/boxes.ts';

/** A gateway of a cluster, on whichever core. Settles when somebody listens to every box. */
export const startMember = (
  nats: NatsServer,
  boxes: Boxes,
  name: string,
  { listens = true } = {},
): Promise<Contender> =>
  Contender.start('gateway', boxes, {
    core: undefined,
    cluster: { server: nats.url, name, listens },
  });
