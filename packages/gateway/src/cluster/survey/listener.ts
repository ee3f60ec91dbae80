import type { BoxId } from '../../config/ids.ts';
import type { Bus } from '../bus.ts';
import { HEARTBEAT, type Heartbeat } from '../members.ts';
import { ASKED, BOX, type SharedBox } from '../shared-directory.ts';

/** Hears what the gateways of a cluster say, and is none of them. */
export class Listener {
  readonly #bus: Bus;
  readonly #heartbeats = new Map<string, Heartbeat>();
  readonly #boxes = new Map<BoxId, SharedBox>();

  /** @param bus ends the listening with it. */
  constructor(bus: Bus) {
    this.#bus = bus;
    bus.listen(HEARTBEAT, (heartbeat) => {
      if (heartbeat.isLeaving) this.#heartbeats.delete(heartbeat.process);
      else this.#heartbeats.set(heartbeat.process, heartbeat);
    });
    bus.listen(BOX, (box) => this.#boxes.set(box.boxId, box));
  }

  /** The newest heartbeat of each gateway. */
  get heartbeats(): readonly Heartbeat[] {
    return [...this.#heartbeats.values()];
  }

  /** The newest that a gateway said of each box; of gateways that live alone. */
  get boxes(): readonly SharedBox[] {
    return [...this.#boxes.values()].filter(({ process }) => this.#heartbeats.has(process));
  }

  /** Has all gateways say their boxes at once, instead of within 5 s. */
  ask(): void {
    this.#bus.tell(ASKED, {});
  }
}
