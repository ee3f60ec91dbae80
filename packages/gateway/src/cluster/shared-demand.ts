import type { PictureDemand } from '@se5/core';
import { z } from 'zod';
import { type BoxId, boxIdSchema } from '../config/ids.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Bus, Channel } from './bus.ts';
import type { Members } from './members.ts';

/** How often a demand is said anew, in ms. */
const REPEAT_MS = 5_000;

const demandSchema = z.object({
  process: z.string(),
  boxes: z.array(z.object({ id: boxIdSchema, live: z.boolean(), registered: z.boolean() })),
});

const DEMAND: Channel<z.output<typeof demandSchema>, z.input<typeof demandSchema>> = {
  name: 'demand',
  schema: demandSchema,
};

export interface SharedDemandOptions {
  readonly bus: Bus;
  readonly members: Members;
  readonly fleet: Pick<Fleet, 'wantElsewhere'>;
  /** Of this gateway. */
  readonly process: string;
}

/** Which pictures the clients of each gateway want, so that whoever listens to a box asks for them. */
export class SharedDemand implements Disposable {
  readonly #options: SharedDemandOptions;
  readonly #wanted = new Map<BoxId, PictureDemand>();
  readonly #watch = new DisposableStack();

  constructor(options: SharedDemandOptions) {
    this.#options = options;
    const { bus, members, fleet } = options;
    bus.listen(DEMAND, ({ process, boxes }) => {
      if (process === options.process) return;
      fleet.wantElsewhere(process, new Map(boxes.map(({ id, ...demand }) => [id, demand])));
    });
    this.#watch.use(members.onJoin(() => this.#tell()));
    this.#watch.use(members.onLeave(({ process }) => fleet.wantElsewhere(process, new Map())));
    const repeating = setInterval(() => this.#tell(), REPEAT_MS);
    this.#watch.defer(() => clearInterval(repeating));
  }

  /** The clients of this gateway want something else of the box. */
  demanded(boxId: BoxId, demand: PictureDemand): void {
    if (demand.live || demand.registered) this.#wanted.set(boxId, demand);
    else this.#wanted.delete(boxId);
    this.#tell();
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  #tell(): void {
    const { bus, process } = this.#options;
    const boxes = [...this.#wanted].map(([id, { live, registered }]) => ({ id, live, registered }));
    bus.tell(DEMAND, { process, boxes });
  }
}
