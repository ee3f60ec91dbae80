import { TcpProxy } from './tcp-proxy.ts';

/** The network between one gateway and a box. */
export class BoxNetwork implements AsyncDisposable {
  readonly events: TcpProxy;
  readonly api: TcpProxy;

  private constructor(events: TcpProxy, api: TcpProxy) {
    this.events = events;
    this.api = api;
  }

  /** @param box has these ports, as they are when somebody connects. */
  static async start(box: {
    readonly eventPort: number;
    readonly apiPort: number;
  }): Promise<BoxNetwork> {
    await using parts = new AsyncDisposableStack();
    const events = parts.use(await TcpProxy.start(() => box.eventPort));
    const api = parts.use(await TcpProxy.start(() => box.apiPort));
    parts.move();
    return new BoxNetwork(events, api);
  }

  get proxies(): readonly TcpProxy[] {
    return [this.events, this.api];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy[Symbol.asyncDispose]()));
  }
}
