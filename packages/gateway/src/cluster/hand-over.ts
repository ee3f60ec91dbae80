import { z } from 'zod';
import { type BoxId, boxIdSchema } from '../config/ids.ts';
import { Listeners } from '../listeners.ts';
import type { Bus, Channel } from './bus.ts';

/** Between two requests for one box, in ms: the first may get lost. */
const REPEAT_MS = 500;

const messageSchema = z.object({ process: z.string(), boxId: boxIdSchema });

type Message = z.output<typeof messageSchema>;
type Sent = z.input<typeof messageSchema>;

/** A gateway hears the box, and asks its owner to let it go. */
const TAKING: Channel<Message, Sent> = { name: 'taking', schema: messageSchema };

/** The owner has let it go: all that it heard is in the log. */
const RELEASED: Channel<Message, Sent> = { name: 'released', schema: messageSchema };

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
 * it asks; the one who has it stops listening, and writes what it heard.
 */
export class HandOver {
  readonly #options: HandOverOptions;
  readonly #asked = new Listeners<BoxId>();
  readonly #released = new Listeners<BoxId>();

  constructor(options: HandOverOptions) {
    this.#options = options;
    const { bus, process } = options;
    bus.listen(TAKING, (message) => {
      if (message.process !== process) this.#asked.tell(message.boxId);
    });
    bus.listen(RELEASED, (message) => {
      if (message.process === process) return;
      options.released(message.boxId);
      this.#released.tell(message.boxId);
    });
  }

  /** Asks the owner to let the box go. Resolves when it has, when there is none, or when the signal aborts. */
  async ask(boxId: BoxId, signal: AbortSignal): Promise<void> {
    const { bus, process, isHeldElsewhere } = this.#options;
    if (signal.aborted || !isHeldElsewhere(boxId)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    using _released = this.#released.add((released) => {
      if (released === boxId) resolve();
    });
    const end = () => resolve();
    signal.addEventListener('abort', end);
    const asking = setInterval(() => bus.tell(TAKING, { process, boxId }), REPEAT_MS);
    bus.tell(TAKING, { process, boxId });
    try {
      await promise;
    } finally {
      clearInterval(asking);
      signal.removeEventListener('abort', end);
    }
  }

  /** Told of each box that another gateway asks for. */
  onAsked(listener: (boxId: BoxId) => void): Disposable {
    return this.#asked.add(listener);
  }

  /** This gateway has let the box go. */
  done(boxId: BoxId): void {
    this.#options.bus.tell(RELEASED, { process: this.#options.process, boxId });
  }
}
