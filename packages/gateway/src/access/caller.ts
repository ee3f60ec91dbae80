import type { Viewer } from './viewer.ts';

/** A viewer, and by what it asks: one WebSocket, or one request by HTTP. */
export interface Caller {
  /** Names the connection in the audit; no two have the same, over restarts too. */
  readonly id: string;
  readonly viewer: Viewer;
  /** Of the client, of IPv6 its /64. Undefined for this machine and for a proxy. */
  readonly address: string | undefined;
  /** A subscription over `http` is an event stream. */
  readonly transport: 'http' | 'websocket';
}
