import type { PermissionClass } from '../access/permission-class.ts';
import type { Directory } from '../fleet/directory.ts';
import { compileFilter, type EventPredicate } from '../journal/filter.ts';
import type { Journal, JournalRecord, Position } from '../journal/journal.ts';

/**
 * What a class could not see counts as seen after so long, in ms: a cursor that stood still for
 * longer than records are kept would be told of a loss that was none.
 */
const STANDS_MS = 3_600_000;

/** One that nobody has asked about for so long is forgotten, in ms. */
const IDLE_MS = 600_000;

interface Newest {
  readonly isVisible: EventPredicate;
  readonly seesBox: (boxId: string) => boolean;
  position: Position;
  /** ms of any origin. */
  movedAt: number;
  askedAt: number;
}

export interface VisibleNewestOptions {
  readonly journal: Pick<Journal, 'newest' | 'onAppend'>;
  readonly directoryOf: (permissionClass: PermissionClass) => Directory;
  /** ms of any origin. Default: `performance.now`. */
  readonly now?: () => number;
}

/**
 * The newest record that a class may see: how far a cursor may move for it. By the journal's own
 * newest position, somebody could tell when something happened that is not for them.
 */
export class VisibleNewest implements Disposable {
  readonly #options: VisibleNewestOptions;
  readonly #now: () => number;
  readonly #classes = new Map<PermissionClass, Newest>();
  readonly #appends: Disposable;

  constructor(options: VisibleNewestOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#appends = options.journal.onAppend((record) => this.#appended(record));
  }

  of(permissionClass: PermissionClass): Position {
    const { journal } = this.#options;
    if (permissionClass.isUnlimited) return journal.newest;
    const now = this.#now();
    const newest = this.#classes.get(permissionClass) ?? this.#begin(permissionClass, now);
    newest.askedAt = now;
    if (now - newest.movedAt > STANDS_MS) this.#move(newest, journal.newest);
    return newest.position;
  }

  [Symbol.dispose](): void {
    this.#appends[Symbol.dispose]();
    this.#classes.clear();
  }

  #begin(permissionClass: PermissionClass, now: number): Newest {
    const directory = this.#options.directoryOf(permissionClass);
    const newest: Newest = {
      isVisible: compileFilter(permissionClass.live({})),
      seesBox: (boxId) => directory.box(boxId) !== undefined,
      position: this.#options.journal.newest,
      movedAt: now,
      askedAt: now,
    };
    this.#classes.set(permissionClass, newest);
    return newest;
  }

  #appended(record: JournalRecord): void {
    if (this.#classes.size === 0) return;
    for (const [permissionClass, newest] of this.#classes) {
      if (this.#now() - newest.askedAt > IDLE_MS) this.#classes.delete(permissionClass);
      else if (isFor(newest, record)) this.#move(newest, record.position);
    }
  }

  #move(newest: Newest, position: Position): void {
    newest.position = position;
    newest.movedAt = this.#now();
  }
}

function isFor({ isVisible, seesBox }: Newest, record: JournalRecord): boolean {
  if (record.kind === 'event') return isVisible(record.event);
  if (record.kind === 'act') return false;
  return record.gap.boxId === null || seesBox(record.gap.boxId);
}
