import type { Token } from '@se5/client';
import type { Interest } from './interest.ts';
import type { Received } from './received.ts';

/** One client of the gateway, in its own way through all that goes wrong. */
export interface Subscription extends AsyncDisposable {
  /** What a user would read of how it stands. */
  readonly state: string;
}

/** Told of each event, and of what ended it for good. */
export interface Observer {
  next(event: unknown): void;
  ended(why: string): void;
}

/** What all clients of a run have in common. */
export interface Circumstances {
  /** A cursor: where the run begins. */
  readonly after: string;
  /** Of the client with this number, where the gateway has tokens. */
  readonly tokenOf?: (client: number) => Token;
  /** Waits for the gateway as long as the typed client does by default. Default false: shorter. */
  readonly isPatient?: boolean;
}

export interface SubscriptionRequest extends Omit<Circumstances, 'tokenOf'> {
  readonly token: Token | undefined;
  /** Of the gateways, as this client reaches them; one at least. */
  readonly urls: readonly string[];
  readonly interest: Interest;
}

export type Transport = (request: SubscriptionRequest, observer: Observer) => Subscription;

/** What one client received, in the order in which it did. */
export interface ClientRecord {
  readonly name: string;
  readonly interest: Interest;
  readonly received: readonly Received[];
  /** Why it got no further; undefined when it was there until the end. */
  readonly ended: string | undefined;
}
