import { type Handlers, Listener, type Refusal } from './listener.ts';

export interface PortsOptions {
  readonly host: string;
  readonly eventPort: number;
  readonly apiPort: number;
}

/** The two ports of a box, which come and go together. */
export class Ports implements AsyncDisposable {
  readonly #event: Listener;
  readonly #api: Listener;
  readonly #both: readonly Listener[];

  constructor(
    { host, eventPort, apiPort }: PortsOptions,
    handlers: { readonly event: Handlers; readonly api: Handlers },
  ) {
    this.#event = new Listener(host, eventPort, handlers.event);
    this.#api = new Listener(host, apiPort, handlers.api);
    this.#both = [this.#event, this.#api];
  }

  get eventPort(): number {
    return this.#event.port;
  }

  get apiPort(): number {
    return this.#api.port;
  }

  /** @throws the error of `listen`, with `code` `EADDRINUSE` when somebody else has a port. */
  async serve(): Promise<void> {
    for (const listener of this.#both) await listener.serve();
  }

  async refuse(refusal: Refusal): Promise<void> {
    for (const listener of this.#both) await listener.refuse(refusal);
  }

  dropConnections(): void {
    for (const listener of this.#both) listener.dropConnections();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#both.map((listener) => listener[Symbol.asyncDispose]()));
  }
}
