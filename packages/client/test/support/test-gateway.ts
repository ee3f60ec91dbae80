import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSchema, type GraphQLSchema, graphql } from 'graphql';
import { makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { TestJournal } from './journal.ts';

export interface TestGatewayOptions {
  readonly journal?: TestJournal;
  readonly port?: number;
  readonly token?: string;
}

/** What a client subscribed to, as it came. */
export interface Subscribed {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * A small gateway on real sockets: graphql-ws and graphql on the committed schema, with a journal
 * that the test writes, and a socket that does what the test says. What it can show of a client
 * that the real gateway can't is when pings come and what they say.
 */
export class TestGateway implements AsyncDisposable {
  readonly journal: TestJournal;
  readonly boxes = [{ ...lobby }];
  readonly #http = createServer((request, response) => void this.#answer(request, response));
  readonly #sockets = new WebSocketServer({ server: this.#http, path: '/graphql' });
  readonly #schema: GraphQLSchema;
  readonly #token: string | undefined;
  readonly #subscribed: Subscribed[] = [];
  readonly #traffic = new EventEmitter();
  #connections = 0;

  private constructor(schema: GraphQLSchema, { journal, token }: TestGatewayOptions) {
    this.journal = journal ?? new TestJournal();
    this.#schema = schema;
    this.#token = token;
    this.#serve();
  }

  static async start(options: TestGatewayOptions = {}): Promise<TestGateway> {
    const path = new URL('../../../gateway/schema.graphql', import.meta.url);
    const gateway = new TestGateway(buildSchema(await readFile(path, 'utf8')), options);
    gateway.#http.listen(options.port ?? 0, '127.0.0.1');
    await once(gateway.#http, 'listening');
    return gateway;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections that there have been. */
  get connections(): number {
    return this.#connections;
  }

  get open(): number {
    return this.#sockets.clients.size;
  }

  /** Pings every client, with this cursor. */
  ping(cursor: string): void {
    this.broadcast(JSON.stringify({ type: 'ping', payload: { cursor } }));
  }

  broadcast(message: string | Buffer): void {
    for (const socket of this.#sockets.clients) socket.send(message);
  }

  /** Ends every connection without a word. */
  drop(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  close(code: number, reason = ''): void {
    for (const socket of this.#sockets.clients) socket.close(code, reason);
  }

  /** The next subscription by this name; each is handed out once, others are passed over. */
  async subscribedTo(name: string): Promise<Subscribed> {
    for (;;) {
      const subscribed = this.#subscribed.shift();
      if (subscribed?.query.includes(`subscription ${name}`)) return subscribed;
      if (subscribed === undefined) await once(this.#traffic, 'subscribed');
    }
  }

  /** The next message of this type that a client sends. */
  async received(type: string): Promise<void> {
    await once(this.#traffic, type);
  }

  /** The next connection that ends. */
  async ended(): Promise<void> {
    await once(this.#traffic, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#http, 'close');
    this.#sockets.close();
    this.#http.close();
    this.drop();
    this.#http.closeAllConnections();
    await closed;
  }

  #serve(): void {
    const server = makeServer({
      schema: this.#schema,
      roots: { query: this.#query, subscription: this.#subscription },
      onConnect: ({ connectionParams }) => {
        if (this.#token !== undefined && connectionParams?.['token'] !== this.#token) return false;
        return { cursor: this.journal.cursor };
      },
      onSubscribe: (_context, _id, { query, variables }) => {
        this.#subscribed.push({ query, variables: variables ?? {} });
        this.#traffic.emit('subscribed');
      },
    });
    this.#sockets.on('connection', (socket: WebSocket) => {
      this.#connections += 1;
      const closed = server.opened(
        {
          protocol: socket.protocol,
          send: (data) => new Promise((resolve) => socket.send(data, () => resolve())),
          close: (code, reason) => socket.close(code, reason),
          onMessage: (receive) =>
            socket.on('message', (data: Buffer) => {
              void receive(data.toString());
              this.#traffic.emit((JSON.parse(data.toString()) as { type: string }).type);
            }),
        },
        {},
      );
      socket.on('close', (code, reason) => {
        void closed(code, reason.toString());
        this.#traffic.emit('close');
      });
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const authorized =
      this.#token === undefined || request.headers.authorization === `Bearer ${this.#token}`;
    if (!authorized) {
      response.writeHead(401).end('no');
      return;
    }
    const { query, variables } = JSON.parse(await text(request)) as Subscribed;
    const result = await graphql({
      schema: this.#schema,
      source: query,
      variableValues: variables,
      rootValue: this.#query,
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  }

  readonly #query = {
    cursor: () => this.journal.cursor,
    sites: [lobby.site],
    boxes: () => this.boxes,
    devices: [{ ...gate, box: lobby, site: lobby.site }],
  };

  readonly #subscription = {
    recognitionEvents: ({ after }: { after?: string | null }) =>
      map(this.journal.follow(after ?? undefined), (event) => ({ recognitionEvents: event })),
    boxStatus: () => map(this.boxes.values(), (box) => ({ boxStatus: box })),
  };
}

const lobby = {
  id: 'hq-lobby',
  name: 'Lobby',
  site: { id: 'hq', name: 'Headquarters', timezone: 'Asia/Shanghai' },
  link: { state: 'LIVE', since: '2025-01-01T08:00:00.000Z', attempts: 0 },
};

const gate = { id: 'hq-lobby/gate', deviceId: 'gate', name: 'Gate', kind: 'GATE' };

function map<T, U>(
  source: AsyncIterator<T> | Iterator<T>,
  project: (value: T) => U,
): AsyncIterableIterator<U> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      const result = await source.next();
      return result.done
        ? { done: true, value: undefined }
        : { done: false, value: project(result.value) };
    },
    return: async () => {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}
