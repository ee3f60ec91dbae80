import { type Addresses, isOfAddress } from './addresses.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import { ClientError } from './errors.ts';
import { guard, platform } from './platform.ts';
import { RecentSet } from './recent-set.ts';
import { Renewal } from './renewal.ts';
import {
  type ClientState,
  isStable,
  type ReconnectPolicy,
  type Retry,
  type StateInput,
  transition,
} from './state.ts';
import type { Subscription, SubscriptionHost } from './subscription.ts';
import type { TokenSource } from './token-source.ts';

export interface LinkOptions
  extends Omit<ConnectionOptions, 'url' | 'WebSocket' | 'refusal' | 'token'> {
  readonly addresses: Addresses;
  readonly tokens: TokenSource;
  /** Undefined: the platform's. */
  readonly WebSocket: ConnectionOptions['WebSocket'] | undefined;
  /** As that of a connection. */
  readonly refusal: (endpoint: Endpoint) => Promise<ClientError | undefined>;
  readonly reconnect: ReconnectPolicy;
  readonly warn: (message: string) => void;
}

/** From the end of the last subscription to that of the connection, in ms: the next finds it open. */
const LINGER_MS = 1000;

/** How long `dispose` waits for the other side to close too, in ms. */
const CLOSE_TIMEOUT_MS = 1000;

/** How many warnings are remembered as said. */
const REMEMBERED_WARNINGS = 100;

/** Keeps one connection for all subscriptions, for as long as there are any. */
export class Link implements SubscriptionHost {
  readonly #options: LinkOptions;
  readonly #subscriptions = new Set<Subscription>();
  readonly #listeners = new Set<(state: ClientState) => void>();
  readonly #warned = new RecentSet(REMEMBERED_WARNINGS);
  #state: ClientState = { name: 'idle' };
  #connection: Connection | undefined;
  #retryTimer: unknown;
  #lingerTimer: unknown;
  #closed: Promise<void> = Promise.resolve();
  /** A token was refused, and no connection has been stable since. */
  #refused = false;
  readonly #renewal: Renewal;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#renewal = new Renewal({
      tokens: options.tokens,
      backoffMs: options.reconnect.backoffMs,
      send: (token) => this.#connection?.renew(token),
      failed: ({ code }) =>
        this.warnOnce(
          `renewal ${code}`,
          `No new token could be had (${code}). The client asks again until the token in use expires.`,
        ),
    });
  }

  get state(): ClientState {
    return this.#state;
  }

  /** @param listener must not throw. */
  onState(listener: (state: ClientState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  attach(subscription: Subscription): void {
    if (this.#state.name === 'stopped') {
      subscription.fail(new ClientError('CLOSED', 'The client is disposed.'));
      return;
    }
    this.#subscriptions.add(subscription);
    platform.clearTimeout(this.#lingerTimer);
    if (this.#state.name === 'live' && this.#connection !== undefined) {
      subscription.begin(this.#connection, false);
    } else {
      this.#dispatch({ type: 'wanted' });
    }
  }

  detach(subscription: Subscription): void {
    if (!this.#subscriptions.delete(subscription) || this.#subscriptions.size > 0) return;
    platform.clearTimeout(this.#lingerTimer);
    this.#lingerTimer = platform.setTimeout(() => this.#dispatch({ type: 'unwanted' }), LINGER_MS);
  }

  lost(error: ClientError): void {
    const at = Date.now();
    if (isStable(this.#state, at, this.#options.reconnect)) this.#forget();
    const retry = this.#retryAfter(error);
    this.#dispatch({ type: 'lost', at, error, random: Math.random(), retry });
  }

  warnOnce(subject: string, message: string): void {
    if (this.#warned.add(subject)) guard(() => this.#options.warn(message));
  }

  /** Completes all subscriptions; resolves when the socket is closed. */
  async dispose(): Promise<void> {
    this.#dispatch({ type: 'dispose' });
    this.#listeners.clear();
    let timer: unknown;
    const timeout = new Promise<void>((resolve) => {
      timer = platform.setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    await Promise.race([this.#closed, timeout]);
    platform.clearTimeout(timer);
  }

  #dispatch(input: StateInput): void {
    const state = transition(this.#state, input, this.#options.reconnect);
    if (state === this.#state) return;
    this.#state = state;
    this.#enter(state);
    // What was entered may have led on already, and has said so then.
    for (const listener of [...this.#listeners]) {
      if (this.#state === state) listener(state);
    }
  }

  #enter(state: ClientState): void {
    if (state.name !== 'live') this.#leaveConnection();
    switch (state.name) {
      case 'connecting':
        this.#takeHints(true);
        this.#connect();
        return;
      case 'live':
        for (const subscription of [...this.#subscriptions]) this.#begin(subscription);
        return;
      case 'waiting':
        this.#retryTimer = platform.setTimeout(
          () => this.#dispatch({ type: 'retry' }),
          Math.max(0, state.retryAt - Date.now()),
        );
        return;
      case 'idle':
        this.#forget();
        this.#takeHints(false);
        return;
      case 'failed':
        this.#forget();
        this.#takeHints(false);
        for (const subscription of this.#release()) subscription.fail(state.error);
        return;
      case 'stopped':
        this.#takeHints(false);
        for (const subscription of this.#release()) subscription.complete();
        return;
    }
  }

  #begin(subscription: Subscription): void {
    if (this.#connection !== undefined) subscription.begin(this.#connection, true);
  }

  /** A refused token is replaced once, at the same address; a second refusal in a row is final. */
  #retryAfter(error: ClientError): Retry {
    const { addresses, tokens } = this.#options;
    if (isOfAddress(error)) return addresses.failed(error);
    if (error.code !== 'UNAUTHENTICATED' || !tokens.isRenewable) {
      return error.retryable ? 'later' : 'never';
    }
    const isFirst = !this.#refused;
    this.#refused = true;
    return isFirst ? 'later' : 'never';
  }

  /** After a stable connection, and where there is none to keep: earlier failures count no more. */
  #forget(): void {
    this.#refused = false;
    this.#options.addresses.forget();
  }

  #connect(): void {
    const token = this.#options.tokens.fresh();
    if (token instanceof Promise) void this.#openWith(token);
    else this.#open(token);
  }

  async #openWith(token: Promise<string>): Promise<void> {
    const attempt = this.#state;
    try {
      const given = await token;
      if (this.#state === attempt) this.#open(given);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (this.#state === attempt) this.lost(error);
    }
  }

  #open(token: string | undefined): void {
    const { addresses } = this.#options;
    const endpoint = addresses.current;
    try {
      const WebSocket = this.#options.WebSocket ?? platform.WebSocket;
      if (WebSocket === undefined) {
        throw new ClientError(
          'UNSUPPORTED_PLATFORM',
          'Subscriptions need a WebSocket, and this platform has none: pass one to createClient.',
        );
      }
      this.#connection = new Connection(
        {
          ...this.#options,
          url: endpoint.webSocket,
          WebSocket,
          token,
          refusal: () => this.#options.refusal(endpoint),
        },
        {
          expires: (at) => this.#renewal.schedule(at),
          acknowledged: () => {
            addresses.known.add(endpoint);
            this.#dispatch({ type: 'acknowledged', at: Date.now(), url: endpoint.base });
          },
          covered: (cursor) => this.#covered(cursor),
          lost: (error) => this.lost(error),
        },
      );
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      this.lost(error);
    }
  }

  /**
   * The cursor is that of the subscription which is furthest behind. Of cursors nobody but the
   * gateway knows which is further, so for one of several it might be a step back.
   */
  #covered(cursor: string): void {
    const following = [...this.#subscriptions].filter((s) => s.followsJournal && s.running);
    if (following.length === 1) following[0]?.covered(cursor);
  }

  #leaveConnection(): void {
    platform.clearTimeout(this.#retryTimer);
    this.#renewal.stop();
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#connection = undefined;
    this.#closed = connection.close();
    for (const subscription of this.#subscriptions) subscription.interrupted();
  }

  #release(): readonly Subscription[] {
    const subscriptions = [...this.#subscriptions];
    this.#subscriptions.clear();
    platform.clearTimeout(this.#lingerTimer);
    return subscriptions;
  }

  readonly #onOnline = (): void => {
    if (this.#state.name === 'waiting') this.#dispatch({ type: 'retry' });
    else if (this.#state.name === 'live') this.#connection?.check();
  };

  /** A page says when the network is back: sooner than any time-out of ours. */
  #takeHints(wanted: boolean): void {
    if (wanted) platform.addEventListener?.('online', this.#onOnline);
    else platform.removeEventListener?.('online', this.#onOnline);
  }
}
