import type { SharedTimeout } from '../shared-timeout.ts';
import { IncomingFrames } from './incoming-frames.ts';

/**
 * Bounds the time from the first byte of a client's message to its last one: an unfinished message
 * stays in memory. Bytes that do not finish it, pings included, do not extend the time.
 */
export class UnfinishedMessage<Client> {
  readonly #client: Client;
  /** Told of a client whose message took too long. */
  readonly #timeout: SharedTimeout<Client>;
  readonly #frames = new IncomingFrames();
  #isWaiting = false;

  constructor(client: Client, timeout: SharedTimeout<Client>) {
    this.#client = client;
    this.#timeout = timeout;
  }

  /** The client has sent these bytes. */
  read(bytes: Uint8Array): void {
    const state = this.#frames.read(bytes);
    if (state === 'finished') this.forget();
    else if (state === 'begun') this.#wait();
  }

  /** Gives the message, if there is one, the whole time again: the client was not read meanwhile. */
  restart(): void {
    if (this.#isWaiting) this.#wait();
  }

  /** Stops the time-out of this client. */
  forget(): void {
    if (this.#isWaiting) this.#timeout.cancel(this.#client);
    this.#isWaiting = false;
  }

  #wait(): void {
    this.#isWaiting = true;
    this.#timeout.start(this.#client);
  }
}
