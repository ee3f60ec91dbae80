import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionResult } from 'graphql';
import { createAuthenticate } from '../../src/access/token.ts';
import type { AccessConfig, ImagesConfig } from '../../src/config/config.ts';
import type { Directory } from '../../src/fleet/directory.ts';
import type { ImageStore } from '../../src/images/image-store.ts';
import { createMemoryImageStore } from '../../src/images/memory-image-store.ts';
import type { EventPicture, Recognition } from '../../src/journal/recognition.ts';
import { createGraphQLServer, type GraphQLServer } from '../../src/transport/graphql.ts';
import type { ResultStream } from '../../src/transport/pipeline.ts';
import {
  createWebSocketTransport,
  type WebSocketTransport,
} from '../../src/transport/websocket.ts';
import { Inside } from './inside.ts';
import { picture } from './recognitions.ts';
import { type LogLine, recordedLog } from './recorded-log.ts';

export interface InsideGraphQLOptions {
  /** Default: the one of the boxes inside. */
  readonly directory?: (inside: Directory) => Directory;
  readonly images?: Partial<ImagesConfig>;
  readonly keepAliveMs?: number;
  /** Records that the journal keeps. Default 10,000. */
  readonly maxRecords?: number;
}

/** GraphQL over a gateway without boxes, without a transport. */
export class InsideGraphQL implements AsyncDisposable {
  readonly inside: Inside;
  readonly images: ImageStore;
  readonly graphql: GraphQLServer;
  readonly logged: readonly LogLine[];

  constructor({ directory, images, keepAliveMs, maxRecords }: InsideGraphQLOptions = {}) {
    this.inside = new Inside(maxRecords);
    this.images = createMemoryImageStore({
      capture: 'on-demand',
      keepMs: 60_000,
      maxBytes: 1_000_000,
      ...images,
    });
    const log = recordedLog();
    this.logged = log.lines;
    this.graphql = createGraphQLServer(
      {
        directory: directory?.(this.inside.directory) ?? this.inside.directory,
        journal: this.inside.journal,
        feed: this.inside.feed,
        images: this.images,
      },
      { logger: log.logger, ...(keepAliveMs !== undefined && { keepAliveMs }) },
    );
  }

  get subscribers(): number {
    return this.inside.feed.subscribers;
  }

  /** The answer to a query, or to a subscription that could not become one. */
  async ask(query: string, variables?: Record<string, unknown>): Promise<ExecutionResult> {
    const result = await this.#run(query, variables);
    if (Symbol.asyncIterator in result) throw new Error('this is a subscription, not a query');
    return plain(result);
  }

  async subscribe(query: string, variables?: Record<string, unknown>): Promise<ResultStream> {
    const result = await this.#run(query, variables);
    if (!(Symbol.asyncIterator in result)) throw new Error(JSON.stringify(result.errors));
    return result;
  }

  /** A picture in the store, as intake would put it there. */
  put(slot: 'face' | 'scene' | 'registered', base64: string): Recognition['pictures'] {
    const { byteLength, contentType, ...rest } = picture(base64);
    const key = this.images.keyOf('an event', slot);
    this.images.put(key, { byteLength, contentType, ...rest });
    return { [slot]: { key, byteLength, contentType } satisfies EventPicture };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.inside[Symbol.dispose]();
    await this.images[Symbol.asyncDispose]();
  }

  #run(query: string, variables?: Record<string, unknown>) {
    const connection = this.graphql.connect({ kind: 'open' });
    return this.graphql.pipeline.run({ query, variables }, connection);
  }
}

/** The same behind real sockets. */
export class ServedGraphQL extends InsideGraphQL {
  readonly websocket: WebSocketTransport;
  readonly #server: Server;

  private constructor(options: InsideGraphQLOptions & { readonly access?: AccessConfig }) {
    super(options);
    const { access = { kind: 'open' }, keepAliveMs } = options;
    this.websocket = createWebSocketTransport(this.graphql, {
      authenticate: createAuthenticate(access),
      ...(keepAliveMs !== undefined && { keepAliveMs }),
    });
    this.#server = createServer((request, response) => {
      void this.graphql.handle(request, response, { kind: 'open' });
    });
    this.#server.on('upgrade', this.websocket.upgrade);
  }

  static async start(
    options: InsideGraphQLOptions & { readonly access?: AccessConfig } = {},
  ): Promise<ServedGraphQL> {
    const served = new ServedGraphQL(options);
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

  /** Sockets and streams first, as the gateway does it. */
  override async [Symbol.asyncDispose](): Promise<void> {
    await this.websocket[Symbol.asyncDispose]();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    await super[Symbol.asyncDispose]();
  }
}

/** As it goes over the wire. */
const plain = (result: ExecutionResult): ExecutionResult => JSON.parse(JSON.stringify(result));
