/// <reference lib="esnext.disposable" preserve="true" />
import { Addresses } from './addresses.ts';
import { type AlarmClient, createAlarmClient } from './alarms.ts';
import type { BackoffBounds } from './backoff.ts';
import { type OperationArguments, type OperationDocument, textOf } from './document.ts';
import {
  BoxesDocument,
  type BoxFragment,
  BoxStatusDocument,
  type DeviceFragment,
  DevicesDocument,
  HistoryDocument,
  RecognitionEventDocument,
  type RecognitionEventFilter,
  type RecognitionEventFragment,
  RecognitionEventsDocument,
  type SiteFragment,
  SitesDocument,
  ViewerDocument,
  type ViewerFragment,
} from './generated/operations.ts';
import { type AbortSignalLike, HttpTransport } from './http.ts';
import { Link } from './link.ts';
import { createPeopleClient, type PeopleClient } from './people.ts';
import { type Fetch, guard, platform, type WebSocketConstructor } from './platform.ts';
import type { ClientState } from './state.ts';
import { createStream, type Stream } from './stream.ts';
import { Subscription } from './subscription.ts';
import { type Token, TokenSource } from './token-source.ts';

/** Times are in ms. */
export interface ClientOptions {
  /**
   * The gateway's address, e.g. `http://127.0.0.1:4000`; `/graphql` at its end is passed over. In a
   * page it may be a path, or nothing: then of the page's own origin. Several gateways that behave
   * as one have several addresses. The client uses one of them at a time: it begins at a random one,
   * and goes on with the next in the list when one fails.
   */
  readonly url: string | readonly [string, ...string[]];
  /**
   * A token of the gateway, where it wants one: text, or a function that gives text or a promise of
   * it. The function is called for each connection and by the first query; before the token expires,
   * for one that goes on with the same connection; and once when the gateway refused a token. What
   * it throws counts as `TOKEN_UNAVAILABLE` and is tried again, but for a {@link ClientError}, which
   * counts as it is: `UNAUTHENTICATED` says that there is no token to be had. Bound of a call:
   * `connectTimeoutMs`.
   */
  readonly token?: Token | undefined;
  /** Default: the platform's. */
  readonly fetch?: Fetch | undefined;
  /** Default: the platform's. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** Told what is worth knowing and no error, each once. Default `console.warn`. */
  readonly warn?: ((message: string) => void) | undefined;
  /** Bound of one query. Default 30,000. */
  readonly queryTimeoutMs?: number | undefined;
  /** Bound of opening a connection. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** From the last sign of life to the next ping. Default 15,000. */
  readonly pingMs?: number | undefined;
  /** How long a ping may go without a sign of life before the connection counts as lost. Default 10,000. */
  readonly pongTimeoutMs?: number | undefined;
  /** Bounds of the full-jitter exponential back-off. Default 500 and 30,000. */
  readonly backoffMs?: BackoffBounds | undefined;
  /** A connection that was live for so long starts the back-off anew. Default 10,000. */
  readonly stableAfterMs?: number | undefined;
  /**
   * Draws the address to begin with, uniform in [0, 1): 0 means the first of the list. Default
   * `Math.random`.
   */
  readonly random?: (() => number) | undefined;
}

export interface RecognitionEventsOptions {
  /** Ids over all boxes (`<box id>/<device id>`), or a box's own. Left out: every device; an empty list: none. */
  readonly deviceIds?: readonly string[] | undefined;
  /** Asks the boxes for pictures, and gives each its `url`. Default false: the three pictures are null. */
  readonly withImages?: boolean | undefined;
  /** Puts `base64` beside the `url`, a third larger than the picture itself, in each event. Default false. */
  readonly withBase64?: boolean | undefined;
  readonly filter?: RecognitionEventFilter | undefined;
  /** A cursor: begins behind it. Left out: begins now. */
  readonly after?: string | undefined;
}

export interface HistoryOptions {
  readonly filter?: RecognitionEventFilter | undefined;
  /** The oldest so many, behind `after`. Not beside `last`. */
  readonly first?: number | undefined;
  readonly after?: string | undefined;
  /** The newest so many, before `before`. Without `first` or `last`: 50. */
  readonly last?: number | undefined;
  readonly before?: string | undefined;
  /** Puts `base64` beside the `url` of each picture that is still kept. Default false. */
  readonly withBase64?: boolean | undefined;
}

export interface HistoryPage {
  /** Oldest first. */
  readonly events: readonly RecognitionEventFragment[];
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;
  /** Where to subscribe `after` the page: behind its last event, or from now where it has none. */
  readonly cursor: string;
}

export interface QueryOptions {
  readonly signal?: AbortSignalLike | undefined;
}

type AnyVariables = Readonly<Record<string, unknown>>;

/** One gateway, or several that behave as one. Its functions need no `this`: they can be handed on alone. */
export interface Client extends AlarmClient, PeopleClient, AsyncDisposable {
  /** Where the connection for subscriptions stands. The same object until it changes. */
  readonly state: ClientState;
  /** @returns stops telling. */
  onState(listener: (state: ClientState) => void): () => void;

  /** What the token allows: what to offer in a page, and what its events will lack. */
  viewer(): Promise<ViewerFragment>;
  sites(): Promise<readonly SiteFragment[]>;
  /** A list that is left out means any. */
  boxes(filter?: {
    readonly siteIds?: readonly string[] | undefined;
  }): Promise<readonly BoxFragment[]>;
  /** A list that is left out means any. */
  devices(filter?: {
    readonly siteIds?: readonly string[] | undefined;
    readonly boxIds?: readonly string[] | undefined;
  }): Promise<readonly DeviceFragment[]>;
  /** What has happened, as far as the gateway keeps it, page by page. */
  history(options?: HistoryOptions): Promise<HistoryPage>;
  /** One that has happened, by its `id`; null when the gateway does not keep it, or does not show it. */
  recognitionEvent(
    id: string,
    options?: Pick<HistoryOptions, 'withBase64'>,
  ): Promise<RecognitionEventFragment | null>;
  /** Every recognition once, in the gateway's order, over all reconnects. */
  recognitionEvents(options?: RecognitionEventsOptions): Stream<RecognitionEventFragment>;
  /** The state of each box, then every change; after a reconnect the state of each again. */
  boxStatus(options?: { readonly boxIds?: readonly string[] | undefined }): Stream<BoxFragment>;

  /**
   * An operation of your own.
   *
   * @throws {ClientError} by its promise; GRAPHQL also for an answer that has data beside errors.
   */
  query<TResult = unknown, TVariables extends object = AnyVariables>(
    document: OperationDocument<TResult, TVariables>,
    ...[variables, options]: OperationArguments<TVariables, [options?: QueryOptions]>
  ): Promise<TResult>;
  /**
   * A subscription of your own. It goes on where it was after a reconnect when it declares
   * `$after`, and selects `id` and `cursor` of `recognitionEvents` or `alarms` without an alias.
   */
  subscribe<TResult = unknown, TVariables extends object = AnyVariables>(
    document: OperationDocument<TResult, TVariables>,
    ...[variables]: OperationArguments<TVariables>
  ): Stream<TResult>;

  /**
   * The address of a picture, as the `src` of an `<img>` takes it: absolute where the gateway's is
   * relative, at the address in use now; undefined when there is no picture to see.
   */
  imageUrl(
    image: { readonly url?: string | null | undefined } | null | undefined,
  ): string | undefined;

  /** Completes the streams, rejects the queries; resolves when nothing is open any more. */
  dispose(): Promise<void>;
}

/**
 * Nothing is opened before something is asked.
 *
 * @throws {ClientError} INVALID_ARGUMENT for a `url` that is no gateway's, and for an empty list.
 */
export function createClient(options: ClientOptions): Client {
  const addresses = new Addresses(options.url, options.random ?? Math.random);
  const connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
  const backoffMs = options.backoffMs ?? { min: 500, max: 30_000 };
  const tokens = new TokenSource(options.token, connectTimeoutMs);
  const http = new HttpTransport({
    addresses,
    // As long as there are streams, their connection alone chooses the address.
    leave: (endpoint) => {
      const { name } = link.state;
      if (name === 'idle' || name === 'failed') addresses.leave(endpoint);
    },
    fetch: options.fetch,
    tokens,
    timeoutMs: options.queryTimeoutMs ?? 30_000,
    backoffMs,
  });
  const link = new Link({
    addresses,
    refusal: (endpoint) => http.refusal(endpoint),
    WebSocket: options.WebSocket,
    tokens,
    connectTimeoutMs,
    pingMs: options.pingMs ?? 15_000,
    pongTimeoutMs: options.pongTimeoutMs ?? 10_000,
    reconnect: {
      backoffMs,
      stableAfterMs: options.stableAfterMs ?? 10_000,
    },
    warn: options.warn ?? ((message) => platform.console?.warn(message)),
  });

  // What the data of an operation is, its document's type says, and the gateway's schema keeps.
  const ask = async <TResult, TVariables>(
    document: OperationDocument<TResult, TVariables>,
    variables: object | undefined,
    options: QueryOptions = {},
  ): Promise<TResult> => {
    const request = { query: textOf(document), variables: { ...variables } };
    return (await http.execute(request, options.signal)) as TResult;
  };

  const follow = <TResult, TVariables, TValue>(
    document: OperationDocument<TResult, TVariables>,
    variables: object | undefined,
    select: (data: TResult) => TValue,
  ): Stream<TValue> => {
    const request = { query: textOf(document), variables: { ...variables } };
    return createStream((sink) => {
      const subscription = new Subscription(link, request, {
        ...sink,
        next: (data, size) => sink.next(select(data as TResult), size),
      });
      link.attach(subscription);
      return subscription;
    });
  };

  const dispose = async (): Promise<void> => {
    http.dispose();
    tokens.dispose();
    await link.dispose();
  };

  return {
    ...createAlarmClient({ ask, follow }),
    ...createPeopleClient({ ask }),
    get state() {
      return link.state;
    },
    onState: (listener) => link.onState((state) => guard(() => listener(state))),
    viewer: async () => (await ask(ViewerDocument, undefined)).viewer,
    sites: async () => (await ask(SitesDocument, undefined)).sites,
    boxes: async (filter) => (await ask(BoxesDocument, filter)).boxes,
    devices: async (filter) => (await ask(DevicesDocument, filter)).devices,
    history: async (variables) => {
      const { cursor, recognitionEvents } = await ask(HistoryDocument, variables);
      const { edges, pageInfo } = recognitionEvents;
      return {
        events: edges.map(({ node }) => node),
        hasPreviousPage: pageInfo.hasPreviousPage,
        hasNextPage: pageInfo.hasNextPage,
        cursor: pageInfo.endCursor ?? cursor,
      };
    },
    recognitionEvent: async (id, options) =>
      (await ask(RecognitionEventDocument, { ...options, id })).recognitionEvent,
    recognitionEvents: (variables) =>
      follow(RecognitionEventsDocument, variables, (data) => data.recognitionEvents),
    boxStatus: (variables) => follow(BoxStatusDocument, variables, (data) => data.boxStatus),
    query: (document, ...[variables, options]) => ask(document, variables, options),
    subscribe: (document, ...[variables]) => follow(document, variables, (data) => data),
    imageUrl: (image) =>
      image?.url?.startsWith('/') ? addresses.current.base + image.url : (image?.url ?? undefined),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
