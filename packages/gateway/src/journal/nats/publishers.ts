import type { BoxId } from '../../config/ids.ts';
import { Listeners } from '../../listeners.ts';
import type { NotedTime } from '../../noted-time.ts';
import type { ClusterKeys } from '../../privacy/cluster-keys.ts';
import { entryBytes } from '../entry-bytes.ts';
import { type Gap, settledBy } from '../gap.ts';
import type { AppendedRecord, BoxEntry, JournalRecord, Position } from '../journal.ts';
import { JournalError } from '../journal-error.ts';
import type { Recognition } from '../recognition.ts';
import { type BoxLog, BoxPublisher, type BoxPublisherOptions } from './box-publisher.ts';
import {
  type Ask,
  type Author,
  authorOf,
  decodeNote,
  encodeEvent,
  encodeGap,
  encodeNote,
  encodeOwned,
} from './log-message.ts';

/** An event that waited so long for the log is `LIVE` no more, in ms. */
const LIVE_MS = 10_000;

/** What may wait for the log: entries, and their bytes by `entryBytes`. */
const MAX_WAITING = 100_000;
const MAX_WAITING_BYTES = 256 * 2 ** 20;

/** Another gateway writes what a box says, which this one did until now. */
export interface LostBox {
  readonly boxId: BoxId;
  /** The name of the other gateway; undefined when that is not known yet. */
  readonly to: string | undefined;
}

export interface PublishersOptions extends Pick<BoxPublisherOptions, 'reached' | 'failed'> {
  readonly log: BoxLog;
  /** The name of this gateway, and what names this process. */
  readonly gateway: string;
  readonly process: string;
  readonly keys: ClusterKeys;
  /** Resolves when what an event shows can be had on every gateway. */
  readonly picturesStored: (event: Recognition) => Promise<void> | undefined;
  readonly listenerFailed: (error: unknown) => void;
  /** Of the gaps that the file has: the end of the newest of each box. */
  readonly gapEnds: ReadonlyMap<BoxId, NotedTime>;
}

/** What came back from the log of something that this process wrote. */
export interface Arrival {
  readonly boxId: BoxId;
  /** Of the message. */
  readonly number: number;
  readonly position: Position;
  /** As it was read; undefined when it was erased meanwhile. */
  readonly record: JournalRecord | undefined;
  /** What is in the file of it; undefined when that can't keep it. */
  readonly found: AppendedRecord | undefined;
}

/** The publishers of the boxes that this gateway owns, or is about to. */
export class Publishers {
  readonly #options: PublishersOptions;
  readonly #publishers = new Map<BoxId, BoxPublisher>();
  readonly #lost: Listeners<LostBox>;
  readonly #gapEnds: Map<BoxId, NotedTime>;
  #number = 0;
  #waiting = 0;
  #waitingBytes = 0;

  constructor(options: PublishersOptions) {
    this.#options = options;
    this.#lost = new Listeners(options.listenerFailed);
    this.#gapEnds = new Map(options.gapEnds);
  }

  /** How many entries wait for the log. */
  get waiting(): number {
    return this.#waiting;
  }

  /** What is noted of each box. */
  get settled(): ReadonlyMap<BoxId, NotedTime> {
    return new Map(
      [...this.#publishers].flatMap(([boxId, { noted }]) => (noted ? [[boxId, noted]] : [])),
    );
  }

  /** @throws {JournalError} NOT_OWNER; OVERLOADED when more waits than may. */
  async append(entry: BoxEntry): Promise<AppendedRecord> {
    const boxId = entry.kind === 'event' ? entry.event.boxId : entry.gap.boxId;
    const publisher = boxId === null ? undefined : this.#publishers.get(boxId);
    if (!publisher) {
      throw new JournalError('NOT_OWNER', `this gateway does not own box "${boxId}"`);
    }
    const bytes = entryBytes(entry);
    if (this.#waiting >= MAX_WAITING || this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      throw new JournalError('OVERLOADED', 'more is to be written to the log than may wait');
    }
    this.#waiting += 1;
    this.#waitingBytes += bytes;
    try {
      // The keys of what waits are made side by side.
      if (entry.kind === 'event') this.#prepareEarly(entry.event);
      return await publisher.append(entry);
    } finally {
      this.#waiting -= 1;
      this.#waitingBytes -= bytes;
    }
  }

  settle(boxId: BoxId, to: NotedTime): void {
    this.#publishers.get(boxId)?.settle(to);
  }

  /** Told when another gateway owns a box that this one owned. */
  onLost(listener: (lost: LostBox) => void): Disposable {
    return this.#lost.add(listener);
  }

  /** See `NatsJournal.expect`. */
  async expect(boxId: BoxId): Promise<void> {
    const publisher = new BoxPublisher(boxId, this.#publisherOptions);
    this.#publishers.get(boxId)?.end();
    this.#publishers.set(boxId, publisher);
    await publisher.readNote();
  }

  /** See `NatsJournal.own`. */
  async own(boxId: BoxId, ask?: Ask): Promise<boolean> {
    return (await this.#publishers.get(boxId)?.own(ask)) ?? false;
  }

  /** See `NatsJournal.handOver`. */
  handOver(boxId: BoxId, ask: Ask): void {
    this.#publishers.get(boxId)?.handOver(ask);
  }

  release(boxId: BoxId): void {
    this.#publishers.get(boxId)?.end();
    this.#publishers.delete(boxId);
  }

  async drained(boxId: BoxId): Promise<void> {
    await this.#publishers.get(boxId)?.drained();
  }

  /** A gap is in the file, whoever wrote it. */
  gapCame(gap: Gap): void {
    const settled = settledBy(gap);
    if (!settled) return;
    const [boxId, to] = settled;
    if ((this.#gapEnds.get(boxId)?.at ?? -Infinity) < to.at) this.#gapEnds.set(boxId, to);
  }

  /** An event is in the file that another gateway read back from its box. */
  readBackCame(event: Recognition): void {
    this.#publishers.get(event.boxId)?.readBack(event);
  }

  arrived({ boxId, number, position, record, found }: Arrival): void {
    const publisher = this.#publishers.get(boxId);
    if (record) publisher?.arrived(number, found);
    else publisher?.dropped(number, position);
    const settled = record?.kind === 'gap' ? settledBy(record.gap) : undefined;
    if (settled) publisher?.settledBy(settled[1]);
  }

  /** The log says that another gateway took the box over. */
  overtaken(boxId: BoxId, sequence: number, author: Author): void {
    if (author.process === this.#options.process) return;
    this.#publishers.get(boxId)?.overtaken(sequence, author.gateway);
  }

  /** The log was made anew: see `BoxPublisher.writeAgain`. */
  writeAgain(): void {
    for (const publisher of this.#publishers.values()) publisher.writeAgain();
  }

  /** Nothing more is written. */
  end(): void {
    for (const publisher of this.#publishers.values()) publisher.end();
  }

  #prepareEarly(event: Recognition): void {
    this.#options.keys.prepare([event])?.catch(() => {
      // Whoever makes the message asks again.
    });
  }

  async #message(author: Author, entry: BoxEntry, waitedMs: number): Promise<Uint8Array> {
    if (entry.kind === 'gap') return encodeGap(author, entry.gap);
    const { keys, picturesStored } = this.#options;
    const { event } = entry;
    await keys.prepare([event]);
    await picturesStored(event);
    keys.keyring.refresh();
    const isLate = event.delivery === 'LIVE' && waitedMs > LIVE_MS;
    const said = isLate
      ? { ...entry, event: { ...event, delivery: 'BACKFILLED' as const } }
      : entry;
    return encodeEvent(author, said, keys.keyring);
  }

  get #publisherOptions(): BoxPublisherOptions {
    const { log, gateway, process, reached, failed } = this.#options;
    return {
      ...{ log, reached, failed, owned: encodeOwned, note: encodeNote },
      nextAuthor: () => {
        this.#number += 1;
        return { gateway, process, number: this.#number };
      },
      message: (author, entry, waitedMs) => this.#message(author, entry, waitedMs),
      isBy: ({ data }, author) => {
        const { process: by, number } = authorOf(data);
        return by === author.process && number === author.number;
      },
      noteIn: ({ data }) => decodeNote(data),
      gapEnd: (boxId) => this.#gapEnds.get(boxId),
      lost: (boxId, to) => {
        this.#publishers.delete(boxId);
        this.#lost.tell({ boxId, to });
      },
    };
  }
}
