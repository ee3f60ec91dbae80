import type { CredentialHolder } from '../access/authentication.ts';
import type { Caller } from '../access/caller.ts';
import type { GatewayErrorCode } from '../errors.ts';
import type { EventFilter } from '../journal/filter.ts';
import type { ErasureTarget } from '../privacy/erasure-target.ts';

/** Somebody who was not let in, or not any longer. */
export interface Refusal extends Pick<Caller, 'address' | 'transport'> {
  readonly code: GatewayErrorCode;
  /** Undefined when no credential or a wrong one was sent, or one that can't be verified now. */
  readonly viewer?: CredentialHolder | undefined;
}

/** A subscription as it was asked for. */
export interface AskedSubscription {
  /** The text of the document. */
  readonly document: string;
  readonly deviceIds?: readonly string[] | undefined;
  readonly filter?: EventFilter | undefined;
  readonly withImages?: boolean | undefined;
  /** A cursor: the subscription began with events that had been before. */
  readonly after?: string | undefined;
}

/** A page of the history that was read. */
export interface ReadHistory {
  /** The text of the document. */
  readonly document: string;
  readonly filter: EventFilter;
  /** Events of the page. */
  readonly events: number;
}

/** The answer to a query, with pictures in base64. */
export interface QueriedPictures {
  /** The text of the document. */
  readonly document: string;
  /** Pictures of the answer. */
  readonly pictures: number;
}

/** What somebody did to an alarm. What it says is not written down. */
export interface AnsweredAlarm {
  readonly alarm: string;
  readonly action: 'ACKNOWLEDGE' | 'CLOSE' | 'NOTE';
  /** It was applied before, by the same viewer with the same key. */
  readonly isRepeated?: boolean | undefined;
}

/** A download of the history, as far as it came. */
export interface Export {
  readonly format: string;
  readonly filter: EventFilter;
  readonly events: number;
}

export interface SeenPicture {
  readonly address: string | undefined;
  readonly key: string;
  /** The key of the permission class that the address of the picture was made for. */
  readonly permissionClass: string;
  /** Undefined when the request has no credential: the address is enough to see the picture. */
  readonly viewer?: CredentialHolder | undefined;
}

/**
 * Who looked at what. Methods return at once and never throw; what is written, and what never is,
 * is in docs/access.md.
 */
export interface Audit {
  /** A WebSocket or an event stream is open to a viewer; disposed of when it is closed. */
  connectionOpened(caller: Caller): Disposable;
  /** The caller has sent another credential; its `viewer` is the new one. */
  connectionRenewed(caller: Caller): void;
  connectionRefused(refusal: Refusal): void;
  /** @returns to be told once that it has ended, and how many events and pictures in base64 it was sent. */
  subscriptionBegun(
    caller: Caller,
    asked: AskedSubscription,
  ): (events: number, pictures: number) => void;
  historyQueried(caller: Caller, read: ReadHistory): void;
  picturesQueried(caller: Caller, queried: QueriedPictures): void;
  alarmAnswered(caller: Caller, answered: AnsweredAlarm): void;
  /** A download has ended. */
  exported(caller: Caller, done: Export): void;
  pictureSeen(picture: SeenPicture): void;
  /** A viewer has asked over the network; what follows says what was erased. */
  erasureAsked(caller: Caller, kind: ErasureTarget['kind']): void;
  erased(report: { readonly events: number; readonly pictures: number }): void;
  erasureFailed(): void;
  /** @param parts names what was read again: a section of the configuration, a file. */
  reloaded(parts: readonly string[]): void;
  permissionRefused(
    caller: Omit<Caller, 'id'> & { readonly id?: string },
    code: GatewayErrorCode,
  ): void;
}

/** Nothing is written. */
export const NO_AUDIT: Audit = {
  connectionOpened: () => ({ [Symbol.dispose]() {} }),
  connectionRenewed() {},
  connectionRefused() {},
  subscriptionBegun: () => () => {},
  historyQueried() {},
  picturesQueried() {},
  alarmAnswered() {},
  exported() {},
  pictureSeen() {},
  erasureAsked() {},
  erased() {},
  erasureFailed() {},
  reloaded() {},
  permissionRefused() {},
};
