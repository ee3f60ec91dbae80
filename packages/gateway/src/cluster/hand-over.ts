import { z } from 'zod';
import { type BoxId, boxIdSchema } from '../config/ids.ts';
import type { Ask } from '../journal/nats/log-message.ts';
import { Listeners } from '../listeners.ts';
import type { Bus, Channel } from './bus.ts';

/** Between two requests for one box, in ms: the first may get lost. */
const REPEAT_MS = 500;

const messageSchema = z.object({ process: z.string(), boxId: boxIdSchema });

/** An older gateway does not number its requests. */
const takingSchema = messageSchema.extend({ number: z.int().exactOptional() });

/** A gateway hears the box, and asks its owner to let it go. */
const TAKING: Channel<z.output<typeof takingSchema>, z.input<typeof takingSchema>> = {
  name: 'taking',
  schema: takingSchema,
};

/** The owner has let it go: all that it heard is in the log. */
const RELEASED: Channel<z.output<typeof messageSchema>, z.input<typeof messageSchema>> = {
  name: 'released',
  schema: messageSchema,
};

/** Another gateway asks for a box. */
export interface Asked {
  readonly boxId: BoxId;
  /** Undefined for a gateway that can't be handed a box: it reads back what it may have missed. */
  readonly ask: Ask | undefined;
}

export interface HandOverOptions {
  readonly bus: Bus;
  /** Of this gateway. */
  readonly process: string;
  /** Whether another gateway that is alive listens to the box, or is not yet known not to. */
  readonly isHeldElsewhere: (boxId: BoxId) => boolean;
  /** Told when a gateway has let a box go; must not throw. */
  readonly released: (boxId: BoxId) => void;
}

/**
 * How a box changes hands between two living gateways: the one who takes it hears it already when
 * it asks; the one who has it hears it to the end, and writes what it heard.
 */
export class HandOver {
  readonly #options: HandOverOptions;
  readonly #asked = new Listeners<Asked>();
  readonly #released = new Listeners<BoxId>();
  #number = 0;

  constructor(options: HandOverOptions) {
    this.#options = options;
    const { bus, process } = options;
    bus.listen(TAKING, ({ process: asking, boxId, number }) => {
      if (asking === process) return;
      this.#asked.tell({ boxId, ask: number === undefined ? number : { process: asking, number } });
    });
    bus.listen(RELEASED, (message) => {
      if (message.process === process) return;
      options.released(message.boxId);
      this.#released.tell(message.boxId);
    });
  }

  /**
   * Asks the owner to let the box go. Resolves when it has, when there is none (any more), or when the
   * signal aborts.
   *
   * @returns how an owner that hands the box over names this request.
   */
  async ask(boxId: BoxId, signal: AbortSignal): Promise<Ask> {
    const { bus, process, isHeldElsewhere } = this.#options;
    this.#number += 1;
    const ask = { process, number: this.#number };
    if (signal.aborted || !isHeldElsewhere(boxId)) return ask;
    const { promise, resolve } = Promise.withResolvers<void>();
    using _released = this.#released.add((released) => {
      if (released === boxId) resolve();
    });
    const end = () => resolve();
    signal.addEventListener('abort', end);
    const asking = setInterval(() => {
      if (isHeldElsewhere(boxId)) bus.tell(TAKING, { ...ask, boxId });
      else resolve();
    }, REPEAT_MS);
    bus.tell(TAKING, { ...ask, boxId });
    try {
      await promise;
    } finally {
      clearInterval(asking);
      signal.removeEventListener('abort', end);
    }
    return ask;
  }

  /** Told of each box that another gateway asks for, perhaps more than once. */
  onAsked(listener: (asked: Asked) => void): Disposable {
    return this.#asked.add(listener);
  }

  /** This gateway has let the box go. */
  done(boxId: BoxId): void {
    this.#options.bus.tell(RELEASED, { process: this.#options.process, boxId });
  }
}
