import { type Simulator, startSimulator } from '@se5/simulator';
import { DEVICE, PreparedEvent } from './prepared-event.ts';

/** Longer than a server takes to find a box, on a busy machine too, in ms. */
const CONFIGURED_MS = 30_000;

/** A server that is killed loses its connections at once, in ms. */
const LOSS_MS = 1_000;

/** The boxes of one server. They send a prepared event by turns. */
export class Boxes implements AsyncDisposable {
  readonly event: PreparedEvent;
  readonly #boxes: readonly Simulator[];
  readonly #owned: AsyncDisposableStack;
  #sent = 0;
  #withPictures = false;

  /** @param pictureBytes is the size of each of three pictures, decoded; 0: none. */
  static async open({ boxes = 1, pictureBytes = 0 } = {}): Promise<Boxes> {
    await using owned = new AsyncDisposableStack();
    const simulators: Simulator[] = [];
    for (let count = 0; count < boxes; count += 1) {
      const simulator = owned.use(await startSimulator({ devices: 0 }));
      simulator.addDevice({ deviceId: DEVICE });
      simulators.push(simulator);
    }
    return new Boxes(simulators, new PreparedEvent(pictureBytes), owned.move());
  }

  private constructor(
    boxes: readonly Simulator[],
    event: PreparedEvent,
    owned: AsyncDisposableStack,
  ) {
    this.#boxes = boxes;
    this.event = event;
    this.#owned = owned;
  }

  get ports(): { readonly eventPort: number; readonly apiPort: number }[] {
    return this.#boxes.map(({ eventPort, apiPort }) => ({ eventPort, apiPort }));
  }

  /** How many events have been sent; the person of the next one is of this number. */
  get sent(): number {
    return this.#sent;
  }

  /** Settles when the server has asked every box for its events, with all pictures or with none. */
  async configured(withPictures: boolean): Promise<void> {
    const isConfigured = ({ connections, connectionsAccepted, configurations }: Simulator) => {
      const last = configurations.at(-1);
      return (
        connections === 1 &&
        last?.connection === connectionsAccepted &&
        last.needFace === withPictures &&
        last.needRegister === withPictures &&
        last.eventList.includes(DEVICE)
      );
    };
    const signal = AbortSignal.timeout(CONFIGURED_MS);
    await Promise.all(this.#boxes.map((box) => box.until(isConfigured, { signal })));
    this.#withPictures = withPictures;
  }

  /**
   * Settles when all boxes that lose their client within a second have another.
   *
   * @returns for each of them, how long that took since the call, in ms.
   */
  async retaken(): Promise<number[]> {
    const start = performance.now();
    const signal = AbortSignal.timeout(CONFIGURED_MS);
    const times = await Promise.all(
      this.#boxes.map(async (box) => {
        const noLoss = AbortSignal.timeout(LOSS_MS);
        const isLost = await box
          .until(({ connections }) => connections === 0, { signal: noLoss })
          .then(
            () => true,
            () => false,
          );
        if (!isLost) return [];
        await box.until(
          ({ connections, connectionsAccepted, configurations }) =>
            connections === 1 && configurations.at(-1)?.connection === connectionsAccepted,
          { signal },
        );
        return [performance.now() - start];
      }),
    );
    return times.flat();
  }

  /** @throws {Error} when the box has lost its client. */
  send(): void {
    const box = this.#boxes[this.#sent % this.#boxes.length];
    const message = this.event.message(this.#sent, Date.now(), this.#withPictures);
    // The simulator sends a copy.
    if (box?.emitRaw(message) !== 1) throw new Error('a box has lost its client');
    this.#sent += 1;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }
}
