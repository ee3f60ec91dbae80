declare global {
  /** Filled by the platform's own types, where it has the real one. */
  interface AbortSignal {}
}

/** The part of the standard `WebSocket` that the client uses. */
export interface WebSocketLike {
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type WebSocketConstructor = new (url: string, protocol: string) => WebSocketLike;

/** The part of the standard `Response` that the client uses; what may be missing is only for messages. */
export interface FetchResponse {
  readonly status: number;
  /** The last one, when a redirect was followed. */
  readonly url?: string;
  readonly redirected?: boolean;
  readonly headers?: { get(name: string): string | null };
  text(): Promise<string>;
}

/** The part of the standard `fetch` that the client uses. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body: string;
    signal?: AbortSignal;
  },
) => Promise<FetchResponse>;

/**
 * All that is asked of a platform. Timers must be there, `fetch` and `WebSocket` be there or be
 * given; the rest is used where it is found.
 */
interface Platform {
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  requestAnimationFrame?(callback: () => void): unknown;
  cancelAnimationFrame?(frame: unknown): void;
  readonly fetch?: Fetch;
  readonly WebSocket?: WebSocketConstructor;
  readonly AbortController?: new () => { readonly signal: AbortSignal; abort(): void };
  readonly location?: { readonly origin: string };
  readonly console?: { warn(message: string): void };
  addEventListener?(type: 'online', listener: () => void): void;
  removeEventListener?(type: 'online', listener: () => void): void;
}

/** Looked at when something is needed, so that what a page or a test puts there later counts. */
export const platform = globalThis as unknown as Platform;

/**
 * Runs a caller's callback. What it throws is thrown again outside of us, where the platform
 * reports it as uncaught: a listener can't break the client, and its fault is not swallowed.
 */
export function guard(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    platform.setTimeout(() => {
      throw error;
    }, 0);
  }
}
