import type { BoxId } from '../config/ids.ts';
import { BACKFILL_DEFAULTS } from '../fleet/backfill/options.ts';
import type { Gap } from '../journal/gap.ts';
import type { BoxEntry } from '../journal/journal.ts';
import type { Recognition } from '../journal/recognition.ts';

/**
 * When what was read back happened is known by the box's clock alone: so far to either side, it is
 * declared.
 */
const CLOCK_MARGIN_MS = BACKFILL_DEFAULTS.clockMarginMs;

/** What the journal did not take, as one gap for each box, until that can be said. */
export class LostEntries {
  readonly #gaps = new Map<BoxId, Gap & { readonly boxId: BoxId }>();

  add(boxId: BoxId, entry: BoxEntry): void {
    const { from, to, count } = entry.kind === 'gap' ? entry.gap : lostWith(entry.event);
    const known = this.#gaps.get(boxId) ?? { from, to, count: 0 };
    this.#gaps.set(boxId, {
      reason: 'JOURNAL_UNAVAILABLE',
      boxId,
      from: from === null || known.from === null ? null : Math.min(known.from, from),
      to: to === null || known.to === null ? null : Math.max(known.to, to),
      count: count === null || known.count === null ? null : known.count + count,
    });
  }

  /** Whether something of the box was lost that no gap in the journal tells of. */
  has(boxId: BoxId): boolean {
    return this.#gaps.has(boxId);
  }

  /** Nothing of the box is said any more. */
  forget(boxId: BoxId): void {
    this.#gaps.delete(boxId);
  }

  /** All of them, and they are forgotten. */
  take(): readonly (Gap & { readonly boxId: BoxId })[] {
    if (this.#gaps.size === 0) return NONE;
    const gaps = [...this.#gaps.values()];
    this.#gaps.clear();
    return gaps;
  }
}

function lostWith({ delivery, occurredAt, receivedAt }: Recognition) {
  return delivery === 'LIVE'
    ? { from: receivedAt, to: receivedAt, count: 1 }
    : { from: occurredAt - CLOCK_MARGIN_MS, to: occurredAt + CLOCK_MARGIN_MS, count: 1 };
}

const NONE: readonly never[] = [];
