import type { Writable } from 'node:stream';
import type { SharedTimeout } from '../shared-timeout.ts';
import type { Framer, Message } from './framing.ts';
import type { Payload } from './payload.ts';
import type { OutboxLevel, Outlet } from './subscription-sink.ts';

/**
 * Bytes that the stream is given at once, plus what is left of a message: little enough that
 * a slow client shows progress, and enough that a fast one never waits for us.
 */
const HANDOVER_BYTES = 256 * 1024;

/**
 * What the objects around a message take while it waits, in bytes: an estimate, rather too large
 * than too small. All who get an event share its text; a message of the protocol has a text and a
 * promise of its own.
 */
const EVENT_OBJECT_BYTES = 128;
const MESSAGE_OBJECT_BYTES = 1_024;

const NOTHING = Buffer.alloc(0);

/** What may wait for one client, in bytes. */
export interface OutboxBudget {
  /** Above, events leave their pictures' base64 out. */
  readonly softBytes: number;
  /** Above, events are read from the journal later instead of waiting here. */
  readonly hardBytes: number;
}

/** What an outbox needs of a stream. */
export interface OutboxStream extends Pick<Writable, 'cork' | 'uncork' | 'writableLength'> {
  write(bytes: Buffer, written?: (error?: Error | null) => void): boolean;
}

/** Where an outbox writes to. */
export interface OutboxHost {
  readonly stream: OutboxStream;
  /** Nothing is written once it is false; it does not become true again. */
  readonly isOpen: boolean;
  /** The client has read nothing for too long, and is to be given up. */
  stalled(): void;
}

/** What all outboxes of a transport have in common. */
export interface OutboxSettings {
  readonly framer: Framer;
  readonly budget: OutboxBudget;
  /** Tells the outboxes whose clients have read nothing all that time that they are `stalled`. */
  readonly stalls: SharedTimeout<Outbox>;
}

interface Outgoing extends Message {
  /** In memory, beside what goes out, in bytes. */
  readonly objectBytes: number;
  /** Told once when the message is no longer in memory, and whether the network has it. */
  readonly left: ((isWritten: boolean) => void) | undefined;
}

/**
 * The one writer of a connection: events and the protocol's own messages leave in the order in
 * which they came. A message is written whole in one turn, so that nothing which others write
 * to the stream can fall into it.
 */
export class Outbox implements Outlet {
  readonly #host: OutboxHost;
  readonly #settings: OutboxSettings;
  #queue: Outgoing[] = [];
  #queuedBytes = 0;
  /** The stream has what the network has not taken yet: undefined when it has nothing. */
  #unwritten: Outgoing[] | undefined;
  #clearListeners: Set<() => void> | undefined;
  /** The level was not clear after a push, and nobody has been told since that it is. */
  #isBehind = false;
  #isUnflushed = false;
  #isHeld = false;
  #isReleased = false;

  constructor(host: OutboxHost, settings: OutboxSettings) {
    this.#host = host;
    this.#settings = settings;
  }

  /** What waits for the client, here with the objects around it, and in the stream, in bytes. */
  get pending(): number {
    return this.#queuedBytes + (this.#isReleased ? 0 : this.#host.stream.writableLength);
  }

  get level(): OutboxLevel {
    const { softBytes, hardBytes } = this.#settings.budget;
    // Asked for each delivery: of a stream that takes what it is given, nothing else is asked.
    const pending = this.#unwritten ? this.pending : this.#queuedBytes;
    if (pending < softBytes) return 'clear';
    return pending < hardBytes ? 'soft' : 'hard';
  }

  get isUnflushed(): boolean {
    return this.#isUnflushed;
  }

  /**
   * Queues an event, with what the protocol puts around it for one subscription. It leaves with
   * the next `flush`, in one write with all that is there.
   */
  event(before: Buffer, { parts, byteLength }: Payload, after: Buffer): void {
    if (this.#isReleased) return;
    const total = before.length + byteLength + after.length;
    this.#push({
      ...{ before, parts, after, byteLength: total },
      objectBytes: EVENT_OBJECT_BYTES,
      left: undefined,
    });
    this.#isUnflushed = true;
  }

  /**
   * Sends a message of the protocol behind all that waits. Resolves when the network has it;
   * when that can't be, never.
   */
  text(data: string): Promise<void> {
    return this.message(NOTHING, data, NOTHING);
  }

  /**
   * The same with what the protocol puts around it, as around an event.
   *
   * @param share is disposed of when the message is no longer in memory: the network has it, it was
   *   withdrawn, or the connection is gone.
   */
  message(before: Buffer, data: string, after: Buffer, share?: Disposable): Promise<void> {
    return new Promise((resolve) => {
      const left = (isWritten: boolean): void => {
        share?.[Symbol.dispose]();
        if (isWritten) resolve();
      };
      if (this.#isReleased) {
        left(false);
        return;
      }
      const text = Buffer.from(data);
      const byteLength = before.length + text.length + after.length;
      this.#push({
        ...{ before, parts: [text], after, byteLength },
        objectBytes: MESSAGE_OBJECT_BYTES,
        left,
      });
      this.flush();
    });
  }

  /**
   * Takes back the messages that still wait here and begin with a buffer of which `isOne` is
   * true. What the stream has been given can't be had back.
   */
  withdraw(isOne: (before: Buffer) => boolean): void {
    if (this.#queue.length === 0) return;
    this.#queue = this.#queue.filter((message) => {
      if (!isOne(message.before)) return true;
      this.#queuedBytes -= this.#bytesOf(message);
      message.left?.(false);
      return false;
    });
    if (this.#isBehind) this.#tellIfClear();
  }

  flush(): void {
    this.#isUnflushed = false;
    while (this.#queue.length > 0 && this.#unwritten === undefined && !this.#isHeld) {
      if (this.#host.isOpen) this.#handOver();
      else this.release();
    }
    if (this.#isBehind) this.#tellIfClear();
  }

  /** Writes nothing until `resume`: what must stand before it is not there yet. */
  hold(): void {
    this.#isHeld = true;
  }

  resume(): void {
    this.#isHeld = false;
    this.flush();
  }

  onClear(listener: () => void): Disposable {
    const own = () => listener();
    this.#clearListeners ??= new Set();
    this.#clearListeners.add(own);
    return { [Symbol.dispose]: () => void this.#clearListeners?.delete(own) };
  }

  stalled(): void {
    this.#host.stalled();
  }

  /** The connection is gone, or going: what waits is let go, and nothing more is taken. */
  release(): void {
    this.#isReleased = true;
    tellLeft(this.#queue, false);
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#unwritten = undefined;
    this.#clearListeners = undefined;
    this.#settings.stalls.cancel(this);
  }

  #push(message: Outgoing): void {
    this.#queue.push(message);
    this.#queuedBytes += this.#bytesOf(message);
    if (this.level !== 'clear') this.#isBehind = true;
  }

  #bytesOf(message: Outgoing): number {
    return this.#settings.framer.framedLength(message) + message.objectBytes;
  }

  #handOver(): void {
    const { stream } = this.#host;
    const messages = this.#take();
    this.#write(messages);
    if (stream.writableLength === 0) {
      this.#settings.framer.reclaim();
      tellLeft(messages, true);
      return;
    }
    this.#unwritten = messages;
    // What the stream has of its own may make the difference.
    if (this.level !== 'clear') this.#isBehind = true;
    this.#settings.stalls.start(this);
    // Told when all that was written before it has gone; a healthy client never needs it.
    stream.write(NOTHING, (error) => {
      const isWritten = !error && this.#unwritten !== undefined;
      if (isWritten) this.#unwritten = undefined;
      tellLeft(messages, isWritten);
      if (!isWritten) return;
      this.flush();
      if (this.#unwritten === undefined) this.#settings.stalls.cancel(this);
    });
  }

  /** From the front of the queue, as many messages as may be handed over at once. */
  #take(): Outgoing[] {
    if (this.#queuedBytes <= HANDOVER_BYTES) {
      const all = this.#queue;
      this.#queue = [];
      this.#queuedBytes = 0;
      return all;
    }
    let bytes = 0;
    let count = 0;
    for (const message of this.#queue) {
      bytes += this.#bytesOf(message);
      count += 1;
      if (bytes >= HANDOVER_BYTES) break;
    }
    this.#queuedBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  #write(messages: readonly Outgoing[]): void {
    const { stream } = this.#host;
    const pieces = this.#settings.framer.frame(messages);
    const isOne = pieces.length === 1;
    if (!isOne) stream.cork();
    for (const piece of pieces) stream.write(piece);
    if (!isOne) stream.uncork();
  }

  #tellIfClear(): void {
    if (this.#queue.length > 0 || this.level !== 'clear') return;
    this.#isBehind = false;
    for (const listener of this.#clearListeners ?? []) listener();
  }
}

function tellLeft(messages: readonly Outgoing[], isWritten: boolean): void {
  for (const { left } of messages) left?.(isWritten);
}
