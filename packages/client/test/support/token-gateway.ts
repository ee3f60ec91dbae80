import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A message of a client. */
interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: {
    readonly token?: string;
    readonly variables?: Readonly<Record<string, unknown>>;
  };
}

/**
 * The gateway's side of tokens, on real sockets: takes the tokens that the test names, tells until
 * when, and lets a ping renew one. Its journal stands at `c1`, and no event comes.
 */
export class TokenGateway implements AsyncDisposable {
  /** The tokens that are taken, with their expiry in ms since the Unix epoch; undefined: never. */
  readonly tokens = new Map<string, number | undefined>();
  /** Of each connection, its `connection_init` and pings that renew, in the order of arrival. */
  readonly seen: string[] = [];
  readonly #http = createServer((request, response) => this.#answer(request, response));
  readonly #sockets = new WebSocketServer({ server: this.#http, path: '/graphql' });
  readonly #messages = new EventEmitter<{ message: [Message] }>();
  #connections = 0;

  static async start(): Promise<TokenGateway> {
    const gateway = new TokenGateway();
    gateway.#sockets.on('connection', (socket) => gateway.#serve(socket));
    gateway.#http.listen(0, '127.0.0.1');
    await once(gateway.#http, 'listening');
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Connections that there have been. */
  get connections(): number {
    return this.#connections;
  }

  close(code: number, reason: string): void {
    for (const socket of this.#sockets.clients) socket.close(code, reason);
  }

  /** The next message of this type. */
  received(type: string): Promise<Message> {
    return new Promise((resolve) => {
      const listen = (message: Message): void => {
        if (message.type !== type) return;
        this.#messages.off('message', listen);
        resolve(message);
      };
      this.#messages.on('message', listen);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#http, 'close');
    this.#sockets.close();
    this.#http.close();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await closed;
  }

  #serve(socket: WebSocket): void {
    this.#connections += 1;
    const say = (message: object) => socket.send(JSON.stringify(message));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      const { type, payload: { token } = {} } = message;
      if (type === 'connection_init' || token !== undefined) {
        this.seen.push(`${type} ${token}`);
        if (!this.#takes(token)) socket.close(4403, 'Forbidden');
        else if (type === 'connection_init') {
          say({ type: 'connection_ack', payload: { cursor: 'c1', ...this.#expiry(token) } });
        } else say({ type: 'pong', payload: this.#expiry(token) });
      } else if (type === 'ping') say({ type: 'pong' });
      this.#messages.emit('message', message);
    });
  }

  #answer({ headers }: IncomingMessage, response: ServerResponse): void {
    const { authorization = '' } = headers;
    this.seen.push(authorization);
    const taken = this.#takes(authorization.replace('Bearer ', ''));
    const body = taken
      ? { data: { sites: [] } }
      : { errors: [{ message: 'No.', extensions: { code: 'UNAUTHENTICATED' } }] };
    response
      .writeHead(taken ? 200 : 401, { 'content-type': 'application/json' })
      .end(JSON.stringify(body));
  }

  #takes(token: string | undefined): token is string {
    return token !== undefined && this.tokens.has(token);
  }

  #expiry(token: string): { readonly expiresAt?: string } {
    const at = this.tokens.get(token);
    return at === undefined ? {} : { expiresAt: new Date(at).toISOString() };
  }
}
