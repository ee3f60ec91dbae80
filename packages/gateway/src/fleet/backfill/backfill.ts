import { BoxError, type Clock } from '@se5/core';
import type { BackfillStatus } from '../directory.ts';
import type { KnownEvents } from '../fleet-sink.ts';
import { FillIn, type FillInContext } from './fill-in.ts';
import { type Measured, type Outage, planReading } from './reading-plan.ts';

/** So many events after an outage show how the box's clock stands; one alone may say nonsense. */
const TELLING_EVENTS = 31;

export interface BackfillHandlers {
  /** What the journal knows of the box by now. */
  known(outage: Outage): Promise<KnownEvents>;
  /** The wall time of the instant 0. */
  originMs(): number;
  /** Makes the context of one fill-in. */
  context(handlers: Pick<FillInContext, 'progress' | 'lost'>): FillInContext;
  /** It is known how far the box was listened to before the outage: `settledTo` says so from now on. */
  begun(): void;
  /** How it goes, at each step. */
  status(status: BackfillStatus): void;
  /** A span that could not be had, in instants. Spans come in order, and do not overlap. */
  lost(from: number, to: number): void;
  /** Something of ours threw. */
  fault(error: unknown): void;
}

/** An outage that nobody has looked at yet, and by how much the box's clock was ahead, in ms. */
interface Owed {
  readonly outage: Outage;
  readonly offsets: readonly number[];
}

/**
 * Fills in what one box said while nobody listened, one outage at a time: as long as the link is
 * up, from where it was interrupted. What can't be had after some attempts is lost, and said.
 *
 * Only the box's next event shows how its clock stood at the end of an outage. Until then the
 * outage is not settled, though it was read to its end: another outage extends it, and so does the
 * next process.
 *
 * All times are instants.
 */
export class Backfill implements AsyncDisposable {
  readonly #handlers: BackfillHandlers;
  readonly #retryMs: readonly number[];
  readonly #clock: Clock;
  /** Outages that nobody has looked at yet, in the order in which they ended. */
  #due: Owed[] = [];
  #current: FillIn | undefined;
  /** The last that was read to its end: the box's next events may say that it was not all. */
  #last: FillIn | undefined;
  /** By how much the box's clock is ahead, as the first events after the last outage say; ms. */
  #offsetsSince: number[] = [];
  #lostTo = Number.NEGATIVE_INFINITY;
  #up = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(retryMs: readonly number[], clock: Clock, handlers: BackfillHandlers) {
    this.#retryMs = retryMs;
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /**
   * Up to when what the box said is in the journal or a gap, where it was heard until `heardAt`;
   * undefined while nobody has looked how far that is.
   */
  settledTo(heardAt: number | undefined): number | undefined {
    const [first] = this.#due;
    const open = this.#open;
    const settledTo = open ? this.#settledOf(open) : first ? first.outage.from : heardAt;
    return settledTo === undefined ? undefined : Math.max(settledTo, this.#lostTo);
  }

  /**
   * By how much the box's clock may have been ahead during what has not been read yet, in ms: it
   * may stand otherwise by now.
   */
  get owedOffsets(): readonly number[] {
    return [...(this.#open?.offsets ?? []), ...this.#due.flatMap(({ offsets }) => offsets)];
  }

  /** Nothing is left to be read, whatever the box says next. */
  get isSettled(): boolean {
    return this.#due.length === 0 && this.#open === undefined;
  }

  /** The link is up again. An outage before the last one was settled extends that. */
  missed(outage: Outage, measured: Measured): void {
    if (this.#disposed) return;
    const up = new AbortController();
    this.#up = up;
    const open = this.#open;
    if (open !== this.#current) open?.reopen();
    this.#current = open;
    this.#last = undefined;
    // What was before the machine slept is that much further back by the instants of now.
    this.#lostTo -= outage.sleptMs;
    this.#offsetsSince = [];
    this.#due.push({ outage, offsets: measured.offsets });
    // Not later: what is heard from now on must not count as known from before.
    const known = this.#handlers.known(outage);
    this.#running = this.#work(this.#running, outage, measured, known, up.signal);
  }

  /**
   * The box was heard since the outage: its clock is ahead by so much. Where that is not what it was
   * taken for, more has to be read.
   */
  heard(offsetMs: number): void {
    if (this.#offsetsSince.length === TELLING_EVENTS) return;
    this.#offsetsSince.push(offsetMs);
    if (this.#current) {
      this.#current.widen(offsetMs);
      return;
    }
    const last = this.#last;
    if (this.#disposed || !last?.widen(offsetMs)) return;
    last.reopen();
    this.#last = undefined;
    this.#current = last;
    this.#running = this.#again(this.#running, last, this.#up.signal);
  }

  /** The link is lost: asking would only fail. */
  pause(): void {
    this.#up.abort();
  }

  /** What has not been read by now stays owed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.pause();
    await this.#running;
  }

  async #work(
    previous: Promise<void>,
    outage: Outage,
    measured: Measured,
    known: Promise<KnownEvents>,
    up: AbortSignal,
  ): Promise<void> {
    try {
      const [events] = await Promise.all([known, previous]);
      if (!isHanded(outage, events)) this.#plan(outage, measured, events);
      for (const offset of this.#offsetsSince) this.#current?.widen(offset);
      this.#due.shift();
      this.#handlers.begun();
      if (this.#current && !up.aborted) await this.#fill(this.#current, up);
    } catch (error) {
      this.#handlers.fault(error);
      this.#due = this.#due.filter((each) => each.outage !== outage);
      this.#current?.extend(outage, []);
      if (this.#current) this.#giveUp(this.#current, undefined);
      else if (outage.from !== undefined) this.#lose(outage.from, outage.to);
    }
  }

  /** What is read, or was read while the box has said nothing since. */
  get #open(): FillIn | undefined {
    return this.#current ?? (this.#isHeard ? undefined : this.#last);
  }

  /** The box has said something since the last outage. */
  get #isHeard(): boolean {
    return this.#offsetsSince.length > 0;
  }

  /** Up to which instant it is settled, whichever clock the box had. */
  #settledOf({ settledTo, isSwept, from }: FillIn): number {
    return this.#isHeard && isSwept ? settledTo : from;
  }

  async #again(previous: Promise<void>, fillIn: FillIn, up: AbortSignal): Promise<void> {
    try {
      await previous;
      if (!up.aborted) await this.#fill(fillIn, up);
    } catch (error) {
      this.#handlers.fault(error);
      this.#giveUp(fillIn, undefined);
    }
  }

  #plan(outage: Outage, measured: Measured, events: KnownEvents): void {
    const right = this.#handlers.originMs();
    const missed = withoutHeard(outage, events.heardTo, right);
    if (this.#current) this.#current.extend(missed, [...measured.offsets, right]);
    else this.#current = this.#begin(missed, measured, events);
  }

  #begin(outage: Outage, measured: Measured, known: KnownEvents): FillIn | undefined {
    const context = this.#handlers.context({
      progress: () => this.#tell('RUNNING'),
      lost: (from, to) => this.#lose(from, to),
    });
    const plan = planReading(outage, known, measured, this.#handlers.originMs(), context.options);
    return plan && new FillIn(plan, context);
  }

  /** @throws what is no error of the box. */
  async #fill(fillIn: FillIn, up: AbortSignal): Promise<void> {
    this.#tell('RUNNING');
    let failures = 0;
    let { parts } = fillIn;
    for (;;) {
      try {
        await fillIn.run(up);
        this.#tell(fillIn.isWhole ? 'COMPLETE' : 'INCOMPLETE');
        this.#current = undefined;
        this.#last = fillIn;
        return;
      } catch (error) {
        if (up.aborted) return;
        if (!(error instanceof BoxError)) throw error;
        if (fillIn.parts > parts) failures = 0;
        parts = fillIn.parts;
        const delayMs = error.code === 'NOT_SUPPORTED' ? undefined : this.#retryMs[failures];
        if (delayMs === undefined) {
          this.#giveUp(fillIn, error);
          return;
        }
        failures += 1;
        // Rejects when the link is lost; then `run` does so too.
        await this.#clock.sleep(delayMs, up).catch(() => undefined);
      }
    }
  }

  #giveUp(fillIn: FillIn, error: BoxError | undefined): void {
    this.#lose(this.#settledOf(fillIn), fillIn.lostTo);
    this.#tell('INCOMPLETE', error);
    this.#current = undefined;
  }

  /** What was lost before is not lost again: one time is in one gap. */
  #lose(from: number, to: number): void {
    const begin = Math.max(from, this.#lostTo);
    if (begin >= to) return;
    this.#lostTo = to;
    this.#handlers.lost(begin, to);
  }

  #tell(state: BackfillStatus['state'], error?: BoxError): void {
    if (!this.#current) return;
    const { from, to, recovered, missingPictures } = this.#current;
    this.#handlers.status({ state, from, to, recovered, missingPictures, error });
  }
}

/** Another gateway heard all of it, and this one was linked before that one stopped listening. */
const isHanded = ({ to }: Outage, { handedAt }: KnownEvents): boolean =>
  handedAt !== undefined && to <= handedAt;

/** The rest of an outage whose beginning another gateway has heard, up to a time by our clock. */
function withoutHeard(outage: Outage, heardTo: number | undefined, originMs: number): Outage {
  if (heardTo === undefined) return outage;
  const heard = Math.min(heardTo - originMs, outage.to);
  return outage.from === undefined || outage.from < heard ? { ...outage, from: heard } : outage;
}
