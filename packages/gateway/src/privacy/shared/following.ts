import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { newDayId, newKey, newPersonTag } from '../key-database.ts';
import type { Day } from '../key-file.ts';
import type { Erasure, KeyId, KeyMessage, KeyOwner, KeyUse, SharedKey } from './key-messages.ts';
import type { KeyStream } from './key-stream.ts';
import type { LocalKeys } from './local-keys.ts';
import type { ForgottenKeys } from './notices.ts';
import { SharedKeysError } from './shared-keys-error.ts';

/** Messages that wait to be written into the key file: about 1 MB. */
const MAX_WAITING = 5_000;

/** Messages that are published side by side. */
const MAX_PUBLISHED = 500;

/** Another gateway may be first, or forget the key, between two attempts to create or use one. */
const MAX_ATTEMPTS = 5;

export interface FollowingObserver {
  /** Told of each erasure that the stream has, before `forgotten` is. */
  readonly erased: (erasure: Erasure) => void;
  /** Told when keys are gone from the key file, and of erasures that the stores have not followed. */
  readonly forgotten: (keys: ForgottenKeys, erasures: readonly Erasure[]) => void;
  /** Told of a message that can't be read, which is ignored. */
  readonly unreadable: (error: unknown) => void;
}

/** A message, and its sequence number. */
type Numbered = readonly [KeyMessage, number];

/**
 * One reading of the stream: from its first message, so that the key file misses nothing, to the
 * moment at which something fails. Then a new one begins: positions mean nothing in a stream that was
 * created again or lost its newest messages.
 */
export class Following {
  readonly #stream: KeyStream;
  readonly #local: LocalKeys;
  readonly #messages: ConsumerMessages;
  readonly #observer: FollowingObserver;
  /** Keys in the stream, with the sequence numbers of their messages. */
  readonly #keys = new Map<KeyId, number>();
  /** Their last use that the stream knows of, with the sequence number of its message, 0 for none. */
  readonly #uses = new Map<KeyId, { readonly usedOn: Day; readonly sequence: number }>();
  /** Forgotten keys that the stream still has. */
  readonly #leftovers = new Set<KeyId>();
  #sweeping: Promise<void> | undefined;
  /** Keys of which the stream says that they are forgotten. */
  readonly #notices = new Set<KeyId>();
  readonly #waiting: Numbered[] = [];
  #writing: Promise<void> | undefined;
  /** The last message that was read, and the last that is in the key file. */
  #read = 0;
  #written = 0;
  readonly #waiters = new Set<{ readonly sequence: number; readonly resolve: () => void }>();
  /** Reject the calls of `during`. */
  readonly #rejects = new Set<(error: Error) => void>();
  #level: Promise<void> = Promise.resolve();
  #nextLevel: Promise<void> | undefined;
  #hasCaughtUp = false;
  /** Why it ended. */
  #end: Error | undefined;

  private constructor(
    stream: KeyStream,
    local: LocalKeys,
    messages: ConsumerMessages,
    observer: FollowingObserver,
  ) {
    this.#stream = stream;
    this.#local = local;
    this.#messages = messages;
    this.#observer = observer;
  }

  static async begin(
    stream: KeyStream,
    local: LocalKeys,
    observer: FollowingObserver,
  ): Promise<Following> {
    return new Following(stream, local, await stream.follow(), observer);
  }

  /** Whether it has caught up and goes on. */
  get isLevel(): boolean {
    return this.#hasCaughtUp && !this.#end;
  }

  /** Reads until something fails or `end` is called. Resolves to the reason. */
  async run(): Promise<Error> {
    try {
      for await (const message of this.#messages) {
        this.#take(message);
        if (this.#waiting.length >= MAX_WAITING) await this.#writing;
      }
      this.end(changed('the server ended it'));
    } catch (error) {
      this.end(error);
    }
    await this.#writing;
    return this.#end ?? changed('it ended');
  }

  /** Ends it. Only the first reason counts. */
  end(reason: unknown): void {
    if (this.#end) return;
    this.#end = reason instanceof Error ? reason : new Error(String(reason));
    void this.#messages.close();
    for (const reject of this.#rejects) reject(this.#end);
  }

  /**
   * Does the work, which calls the methods below: they may never settle once this has ended.
   *
   * @throws the reason when this ends first.
   */
  async during<Result>(work: (following: this) => Promise<Result>): Promise<Result> {
    if (this.#end) throw this.#end;
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#rejects.add(reject);
    try {
      work(this).then(resolve, reject);
      return await promise;
    } finally {
      this.#rejects.delete(reject);
    }
  }

  /** Resolves when the key file has all of the stream, and the stream all of the key file. */
  async catchUp(): Promise<void> {
    await this.level();
    const { known } = this.#local;
    const forgotten = known.forgotten.filter((id) => !this.#notices.has(id));
    await this.#add(forgotten.map((id) => ({ kind: 'forgotten', id })));
    const missing = known.ids.filter((id) => !this.#keys.has(id));
    const keys = await this.#local.keys(missing);
    await this.#add(keys.map((key) => ({ kind: 'key', key })));
    await this.level();
    // An earlier stream knew of later uses.
    const behind = known.uses.filter(
      ({ id, usedOn }) => (this.#uses.get(id)?.usedOn ?? 0) < usedOn,
    );
    await inSteps(behind, (use) => this.#use(use));
    await this.sweep();
    this.#hasCaughtUp = true;
  }

  /** Resolves when the key file has all that was in the stream at the time of the call. */
  level(): Promise<void> {
    // Calls during one share the next: a mark shows only what was there before it.
    this.#nextLevel ??= this.#level.then(async () => {
      this.#level = this.#nextLevel ?? this.#level;
      this.#nextLevel = undefined;
      await this.#reached(await this.#stream.put({ kind: 'mark' }));
    });
    return this.#nextLevel;
  }

  /** Resolves when the next message is in the key file. */
  next(): Promise<void> {
    return this.#reached(this.#written + 1);
  }

  /**
   * Resolves when the cluster and the key file have a key of the owner, and the cluster knows a use
   * of it on or after the day `since`. Otherwise it learns that it is used on the day `usedOn`.
   */
  async ready(owner: KeyOwner, usedOn: Day, since: Day): Promise<void> {
    const { known } = this.#local;
    for (let attempt = 0; (known.usedOn(owner) ?? -Infinity) < since; attempt += 1) {
      if (attempt === MAX_ATTEMPTS) {
        throw new SharedKeysError(
          'BAD_MESSAGE',
          'the stream of shared keys has a key that this gateway can’t read, or others forget keys faster than it can create them',
        );
      }
      const ids = known.idsOf(owner);
      if (ids.length === 0) await this.#create(owner, usedOn);
      else await inSteps(ids, (id) => this.#use({ id, usedOn }));
    }
  }

  /** Resolves when the keys are gone from the cluster and from the key file. */
  async forget(ids: readonly KeyId[], erasure: Erasure, ttlSeconds: number): Promise<void> {
    // First the notices: each gateway that reads one can complete the rest.
    await this.#add(ids.map((id) => ({ kind: 'forgotten', id })));
    await this.#reached(await this.#stream.put({ kind: 'erased', erasure }, ttlSeconds));
    await this.sweep();
    await this.#local.clean();
  }

  /** Forgets keys that nobody used meanwhile. Resolves as `forget` does. */
  async collect(ids: readonly KeyId[]): Promise<void> {
    await inSteps(ids, (id) =>
      this.#stream.replace({ kind: 'collected', id }, this.#uses.get(id)?.sequence ?? 0),
    );
    await this.level();
    await this.sweep();
    await this.#local.clean();
  }

  /** Resolves when the stream has no key that is known to be forgotten. */
  async sweep(): Promise<void> {
    if (this.#leftovers.size === 0) return;
    this.#sweeping ??= this.#sweep();
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    try {
      while (this.#leftovers.size > 0) {
        await inSteps([...this.#leftovers], async (id) => {
          const sequence = this.#keys.get(id);
          // In a stream that was created again, another message has this number.
          if (this.#end) throw this.#end;
          if (sequence !== undefined) await this.#stream.erase(sequence);
          this.#keys.delete(id);
          this.#leftovers.delete(id);
        });
      }
    } finally {
      this.#sweeping = undefined;
    }
  }

  async #create(owner: KeyOwner, usedOn: Day): Promise<void> {
    const id = typeof owner === 'number' ? newDayId() : newPersonTag();
    const key = { id, owner, key: newKey(), usedOn };
    const sequence = await this.#stream.addFirst({ kind: 'key', key });
    if (sequence !== undefined) return this.#reached(sequence);
    // Another gateway was first, or a forgotten key is still there.
    await this.level();
    if (this.#local.known.usedOn(owner) === undefined) await this.sweep();
  }

  async #use(use: KeyUse): Promise<void> {
    const last = this.#uses.get(use.id)?.sequence ?? 0;
    const sequence = await this.#stream.replace(
      { kind: 'use', id: use.id, usedOn: use.usedOn },
      last,
    );
    // Otherwise another gateway uses it too, or collected it.
    await (sequence === undefined ? this.level() : this.#reached(sequence));
  }

  async #add(messages: readonly KeyMessage[]): Promise<void> {
    await inSteps(messages, (message) => this.#stream.add(message));
  }

  /** Resolves when the message with this number, or a later one, is in the key file. */
  #reached(sequence: number): Promise<void> {
    if (sequence <= this.#written) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.add({ sequence, resolve });
    return promise;
  }

  #take(message: JsMsg): void {
    if (message.seq <= this.#read) throw changed('its positions went back');
    this.#read = message.seq;
    this.#waiting.push([this.#messageIn(message), message.seq]);
    this.#writing ??= this.#write();
  }

  #messageIn(message: JsMsg): KeyMessage {
    try {
      return this.#stream.read(message);
    } catch (error) {
      this.#observer.unreadable(error);
      return { kind: 'mark' };
    }
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0 && !this.#end) {
        const batch = this.#waiting.splice(0);
        await this.#apply(batch);
        this.#wrote(batch.at(-1)?.[1] ?? 0);
      }
    } catch (error) {
      this.end(error);
    }
    // In the turn that found nothing waiting: what comes later begins anew.
    this.#writing = undefined;
  }

  async #apply(batch: readonly Numbered[]): Promise<void> {
    const { known } = this.#local;
    const keys = new Map<KeyId, SharedKey>();
    const uses: (KeyUse & { readonly sequence: number })[] = [];
    const forgotten = new Set<KeyId>();
    const erasures: Erasure[] = [];
    for (const [message, sequence] of batch) {
      switch (message.kind) {
        case 'key': {
          const { id, usedOn } = message.key;
          this.#keys.set(id, sequence);
          uses.push({ id, usedOn, sequence: 0 });
          if (known.isForgotten(id)) this.#leftovers.add(id);
          else if (!known.has(id)) keys.set(id, message.key);
          break;
        }
        case 'use':
          uses.push({ id: message.id, usedOn: message.usedOn, sequence });
          break;
        case 'collected':
        case 'forgotten':
          this.#notices.add(message.id);
          if (!known.isForgotten(message.id)) forgotten.add(message.id);
          break;
        case 'erased':
          this.#observer.erased(message.erasure);
          erasures.push(message.erasure);
          break;
        case 'file':
        case 'mark':
      }
    }
    for (const id of forgotten) {
      keys.delete(id);
      if (this.#keys.has(id)) this.#leftovers.add(id);
    }
    const change = { keys: [...keys.values()], forgotten: [...forgotten], erasures };
    const owners = known.ownersOf(change.forgotten);
    const fresh = await this.#local.apply(change);
    for (const { id, usedOn, sequence } of uses) {
      // Together: `collect` takes a use with a number for one that `known` has.
      if (sequence > 0 || !this.#uses.has(id)) this.#uses.set(id, { usedOn, sequence });
      known.use({ id, usedOn });
    }
    if (forgotten.size + fresh.length > 0) {
      const persons = owners.filter((owner) => typeof owner === 'string');
      this.#observer.forgotten({ forgotten: change.forgotten, persons }, fresh);
    }
    // The gateway that erases does the same; but it may have ended.
    void this.sweep().catch((error: unknown) => this.end(error));
  }

  #wrote(sequence: number): void {
    this.#written = sequence;
    for (const waiter of this.#waiters) {
      if (waiter.sequence > sequence) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

const changed = (what: string): SharedKeysError =>
  new SharedKeysError('STREAM_CHANGED', `the stream of shared keys is read again: ${what}`);

async function inSteps<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < items.length; at += MAX_PUBLISHED) {
    await Promise.all(items.slice(at, at + MAX_PUBLISHED).map(work));
  }
}
