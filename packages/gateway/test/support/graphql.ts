import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { PictureSlot } from '@se5/core';
import type { ExecutionResult } from 'graphql';
import type { ClientOptions } from 'ws';
import type { AccessControl } from '../../src/access/access-control.ts';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import type { AccessConfig } from '../../src/config/access.ts';
import type { ImagesConfig } from '../../src/config/config.ts';
import { DEFAULT_SLOW_CLIENTS, type SlowClientsConfig } from '../../src/config/slow-clients.ts';
import type { Directory } from '../../src/fleet/directory.ts';
import { isSubscription } from '../../src/graphql/pipeline.ts';
import type { ResultStream } from '../../src/graphql/public-stream.ts';
import type { MemoryImageStore } from '../../src/images/memory-image-store.ts';
import type { Journal } from '../../src/journal/journal.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { Erasures } from '../../src/privacy/erasure/erasures.ts';
import type { ClientSocket } from '../../src/transport/client-socket.ts';
import {
  createGraphQLServer,
  type GraphQLOptions,
  type GraphQLServer,
} from '../../src/transport/graphql.ts';
import { createHttpTransport, type HttpTransport } from '../../src/transport/http.ts';
import {
  createWebSocketTransport,
  type WebSocketTransport,
} from '../../src/transport/websocket.ts';
import { type OpenedAccess, openAccess } from './access.ts';
import { Inside } from './inside.ts';
import { RawSocket } from './raw-socket.ts';
import { type LogLine, recordedLog } from './recorded-log.ts';
import { Results } from './results.ts';
import { countWrites } from './socket-pair.ts';

/** For a time-out that is not the test's subject: a busy machine is no reason to give a client up. */
const NEVER_MS = 86_400_000;

export interface InsideGraphQLOptions
  extends Omit<GraphQLOptions, 'logger' | 'slowClients' | 'access'> {
  /** Default: no viewer loses anything. */
  readonly control?: Pick<AccessControl, 'hold' | 'endOf'>;
  readonly slowClients?: Partial<SlowClientsConfig>;
  /** Default: the one of the boxes inside. */
  readonly directory?: (inside: Directory) => Directory;
  readonly images?: Partial<ImagesConfig>;
  /** Records that the journal keeps. Default 10,000. */
  readonly maxRecords?: number;
  /** Default: one in memory. */
  readonly journal?: Journal;
  /** Default: the system's clock. */
  readonly now?: () => number;
}

/** GraphQL over a gateway without boxes, without a transport. */
export class InsideGraphQL implements AsyncDisposable {
  readonly inside: Inside;
  readonly graphql: GraphQLServer;
  readonly logged: readonly LogLine[];

  constructor({
    directory,
    images,
    maxRecords,
    journal,
    slowClients,
    now = Date.now,
    control = { hold: () => ({ renew() {}, [Symbol.dispose]() {} }), endOf: () => undefined },
    ...served
  }: InsideGraphQLOptions = {}) {
    this.inside = new Inside(journal ?? maxRecords, images);
    const log = recordedLog();
    this.logged = log.lines;
    this.graphql = createGraphQLServer(
      {
        directory: directory?.(this.inside.directory) ?? this.inside.directory,
        journal: this.inside.journal,
        now,
        fanout: this.inside.fanout,
        images: this.images,
        pictureAddresses: this.inside.pictureAddresses,
        erasures: new Erasures(
          {
            journal: this.inside.journal,
            images: this.images,
            forget: () => this.inside.fanout.forget(),
          },
          { erased() {}, failed() {} },
        ),
      },
      {
        logger: log.logger,
        access: control,
        slowClients: { ...DEFAULT_SLOW_CLIENTS, stalledAfterMs: NEVER_MS, ...slowClients },
        ...served,
      },
    );
  }

  get images(): MemoryImageStore {
    return this.inside.images;
  }

  get subscribers(): number {
    return this.inside.fanout.subscribers;
  }

  /** The answer to a query, or to a subscription that could not become one. */
  async ask(
    query: string,
    variables?: Record<string, unknown>,
    viewer = OPEN_VIEWER,
  ): Promise<ExecutionResult> {
    const result = await this.#run(query, variables, viewer);
    if (Symbol.asyncIterator in result) throw new Error('this is a subscription, not a query');
    return plain(result);
  }

  async subscribe(query: string, variables?: Record<string, unknown>): Promise<ResultStream> {
    const result = await this.#run(query, variables);
    if (!(Symbol.asyncIterator in result)) throw new Error(JSON.stringify(result.errors));
    return result;
  }

  /** A picture in the store, as intake would put it there. */
  put(slot: PictureSlot, base64: string): Recognition['pictures'] {
    return this.inside.put(slot, base64);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.inside[Symbol.dispose]();
  }

  async #run(query: string, variables?: Record<string, unknown>, viewer = OPEN_VIEWER) {
    const { pipeline, connect } = this.graphql;
    const results = new Results();
    const args = pipeline.prepare({ query, variables }, connect(viewer), results);
    if ('errors' in args) return args;
    if (!isSubscription(args)) return pipeline.execute(args);
    const result = await pipeline.subscribe(args);
    return Symbol.asyncIterator in result ? results.until(result) : result;
  }
}

export interface ServedGraphQLOptions extends Omit<InsideGraphQLOptions, 'control'> {
  /** Default: whoever reaches it may see everything. */
  readonly access?: AccessConfig;
  /** How the access is opened. Default: as usual, with wrong tokens answered after 1 ms. */
  readonly accessOptions?: Parameters<typeof openAccess>[1];
  /** Default: never. */
  readonly initTimeoutMs?: number;
  /** Default: never. */
  readonly messageTimeoutMs?: number;
  readonly keepAliveMs?: number;
}

/** The same behind real sockets. */
export class ServedGraphQL extends InsideGraphQL {
  readonly websocket: WebSocketTransport;
  readonly #http: HttpTransport;
  readonly #server: Server;

  readonly access: OpenedAccess;

  private constructor(access: OpenedAccess, rest: Omit<ServedGraphQLOptions, 'access'>) {
    super({ ...rest, control: access.control });
    this.access = access;
    this.websocket = createWebSocketTransport(this.graphql, {
      admit: access.control.admit,
      initTimeoutMs: NEVER_MS,
      messageTimeoutMs: NEVER_MS,
      ...rest,
    });
    this.#http = createHttpTransport(this.graphql, rest);
    this.#server = createServer((request, response) => {
      void this.#http.handle(request, response, OPEN_VIEWER);
    });
    this.#server.on('upgrade', this.websocket.upgrade);
  }

  static async start(options: ServedGraphQLOptions = {}): Promise<ServedGraphQL> {
    const { access = { kind: 'open' }, accessOptions, ...rest } = options;
    const opened = await openAccess(access, accessOptions);
    const served = new ServedGraphQL(opened, rest);
    served.#server.listen(0, '127.0.0.1');
    await once(served.#server, 'listening');
    return served;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/graphql`;
  }

  get webSocketUrl(): string {
    return this.url.replace('http', 'ws');
  }

  /** A client over WebSocket that may subscribe. */
  connect(options?: ClientOptions): Promise<RawSocket> {
    return RawSocket.connected(this.webSocketUrl, options);
  }

  /** Our side of the only WebSocket, and the bytes of each write to it from now on. */
  watchWrites(): { readonly client: ClientSocket; readonly writes: readonly number[] } {
    const [client, ...others] = this.websocket.sockets;
    if (!(client?.stream instanceof Socket) || others.length > 0)
      throw new TypeError('there is not one socket');
    const writes: number[] = [];
    countWrites(client.stream, writes);
    return { client, writes };
  }

  /** Breaks off every connection there is. */
  cutOff(): void {
    this.#server.closeAllConnections();
  }

  /** Sockets and streams first, as the gateway does it. */
  override async [Symbol.asyncDispose](): Promise<void> {
    await this.websocket[Symbol.asyncDispose]();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    this.#http[Symbol.dispose]();
    this.access[Symbol.dispose]();
    await super[Symbol.asyncDispose]();
  }
}

/** As it goes over the wire. */
const plain = (result: ExecutionResult): ExecutionResult => JSON.parse(JSON.stringify(result));
