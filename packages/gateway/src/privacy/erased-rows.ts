import type { ErasureMoment, UncoveredRows } from './erasure-notice.ts';
import { isErasable } from './erasure-target.ts';
import type { PersonTag } from './key-file.ts';
import { isOfPerson, type Subject } from './keyring.ts';

/**
 * Knows the erased events and pictures that no key covers. NATS still has them, so each reader of
 * the log or of the pictures checks them here.
 *
 * The stream of keys keeps a notice for longer than the log keeps its events, with the exceptions
 * in docs/privacy.md. So there are as many entries as erasures in that time.
 */
export class ErasedRows {
  readonly #strangerTagOf: (identityId: string) => PersonTag;
  /** The last erasure of each stranger. */
  readonly #strangers = new Map<PersonTag, ErasureMoment>();
  /** Erasures by time, none of which takes all that another one takes. */
  #times: readonly { readonly time: number; readonly until: ErasureMoment }[] = [];
  /** No event after this position was erased. */
  #newest = 0;

  constructor(strangerTagOf: (identityId: string) => PersonTag) {
    this.#strangerTagOf = strangerTagOf;
  }

  /** Ignores an erasure that does not say when it happened. */
  add(rows: UncoveredRows): void {
    const { until } = rows;
    if (!until) return;
    this.#newest = Math.max(this.#newest, until.position);
    if (rows.kind === 'stranger') {
      const known = this.#strangers.get(rows.stranger);
      this.#strangers.set(rows.stranger, known ? later(known, until) : until);
      return;
    }
    const { time } = rows;
    const takes = (other: { readonly time: number; readonly until: ErasureMoment }) =>
      other.time <= time && other.until.position <= until.position && other.until.at <= until.at;
    this.#times = [...this.#times.filter((other) => !takes(other)), { time, until }];
  }

  /** Whether the event at this position of the log was erased. */
  hasEvent(subject: Subject, position: number): boolean {
    if (position > this.#newest) return false;
    return this.#has(subject, (until) => position <= until.position);
  }

  /** Whether a picture of the subject was erased, which was stored at `at`, ms since the Unix epoch. */
  hasPicture(subject: Subject, at: number): boolean {
    const wasThere = (until: ErasureMoment) => at <= until.at;
    return (
      this.#has(subject, wasThere) ||
      this.#times.some(({ time, until }) => at < time && wasThere(until))
    );
  }

  #has(subject: Subject, wasThere: (until: ErasureMoment) => boolean): boolean {
    const isByTime = this.#times.some(
      ({ time, until }) => wasThere(until) && isErasable({ kind: 'before', time }, subject),
    );
    if (isByTime) return true;
    if (this.#strangers.size === 0 || isOfPerson(subject) || subject.identityId === '')
      return false;
    const until = this.#strangers.get(this.#strangerTagOf(subject.identityId));
    return until !== undefined && wasThere(until);
  }
}

const later = (one: ErasureMoment, other: ErasureMoment): ErasureMoment => ({
  position: Math.max(one.position, other.position),
  at: Math.max(one.at, other.at),
});
