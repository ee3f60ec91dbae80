import { hash, type KeyObject } from 'node:crypto';
import type { PersonType } from '@se5/core';
import {
  type Day,
  type DayKey,
  dayOf,
  KeyFile,
  type PersonKey,
  type PersonTag,
} from './key-file.ts';
import { KeyFileError } from './key-file-error.ts';
import { deriveKey, deriveSecret } from './sealing.ts';

/** The person and the times of an event: they decide which keys seal it. */
export interface Subject {
  /** Empty for a stranger without an id. */
  readonly identityId: string;
  readonly personType: PersonType;
  /** Both in ms since the Unix epoch. */
  readonly occurredAt: number;
  readonly receivedAt: number;
}

/** Names the keys that seal an item; stored beside it in clear. */
export interface SealedBy {
  /** The id of the day's key. */
  readonly day: number;
  /** The person whose key is needed besides the day's; empty when only the day's key is needed. */
  readonly person: PersonTag;
}

export interface SealingKey extends SealedBy {
  readonly key: KeyObject;
  /**
   * Hashes a text with the person's key, so nobody can compute it once the person is forgotten; for
   * a stranger, with the file's secret. Equal on all days.
   */
  readonly keyedHash: (text: string) => string;
  /** Secret for keyed hashes that are equal for everybody on a day; lost with the day's key. */
  readonly daySecret: string;
}

/** Entries in each cache; a full cache is cleared. Bounded, because a box may invent any number of persons. */
const MAX_READY = 20_000;

interface ReadyDay extends DayKey {
  readonly secret: string;
  /** By the tag of the person; empty for strangers. */
  readonly sealing: Map<PersonTag, SealingKey>;
}

/**
 * Gives one thread the keys of a key file. Each content key is derived from the keys of the day and
 * the person, so forgetting either is enough. A stranger's is derived from the key of the day alone.
 *
 * The day is that of `occurredAt` or `receivedAt`, whichever is earlier. So an erasure by time also
 * reaches the events of a box with a wrong clock.
 */
export class Keyring implements Disposable {
  readonly file: KeyFile;
  readonly #days = new Map<Day, ReadyDay>();
  readonly #persons = new Map<string, PersonKey>();
  /** By the day's id and the person's tag. */
  readonly #opening = new Map<number, Map<PersonTag, KeyObject | undefined>>();
  /** How many keys `#opening` holds. */
  #openingKeys = 0;
  readonly #groupTags = new Map<string, string>();
  readonly #strangersHash = (text: string): string => this.file.keyedHash('event', text);
  #version: number;
  /** The last day on which any key sealed something. */
  #newestUse: Day;

  /** @throws {KeyFileError} */
  constructor(path: string) {
    this.file = new KeyFile(path);
    this.#version = this.file.dataVersion;
    this.#newestUse = this.file.newestUse;
  }

  /** Drops cached keys after another thread changed the file. Call it before each piece of work. */
  refresh(): void {
    const version = this.file.dataVersion;
    if (version === this.#version) return;
    this.#version = version;
    this.#clear();
  }

  /**
   * Creates the missing keys of the subjects, in one transaction. While the file is shared, only
   * `SharedKeys.prepare` creates keys. @throws {KeyFileError}
   */
  prepare(subjects: readonly Subject[]): void {
    const days = new Map<Day, Day>();
    const persons = new Map<string, Day>();
    for (const subject of subjects) {
      // A clock that was set back must not make a key look unused.
      const usedOn = Math.max(dayOf(subject.receivedAt), this.#newestUse);
      const day = keyDayOf(subject);
      if (!((this.#findDay(day)?.usedOn ?? -1) >= usedOn)) noteLater(days, day, usedOn);
      if (!isOfPerson(subject)) continue;
      const { identityId } = subject;
      if (!((this.#findPerson(identityId)?.usedOn ?? -1) >= usedOn)) {
        noteLater(persons, identityId, usedOn);
      }
    }
    if (days.size + persons.size === 0) return;
    this.file.add(days, persons);
    this.#newestUse = Math.max(this.#newestUse, ...days.values(), ...persons.values());
    for (const day of days.keys()) this.#days.delete(day);
    for (const identityId of persons.keys()) this.#persons.delete(identityId);
  }

  /** @throws {KeyFileError} KEY_MISSING when the file is shared and has no key for the subject. */
  sealingKey(subject: Subject): SealingKey {
    const day = this.#findDay(keyDayOf(subject));
    const person = isOfPerson(subject) ? this.#findPerson(subject.identityId) : undefined;
    if (!day || (isOfPerson(subject) && !person)) {
      if (this.file.sharedBy !== undefined) {
        throw new KeyFileError(
          'KEY_MISSING',
          `the key file ${this.file.path} has no key for an event: it was forgotten meanwhile, or not prepared`,
        );
      }
      this.prepare([subject]);
      return this.sealingKey(subject);
    }
    const tag = person?.tag ?? '';
    let sealing = day.sealing.get(tag);
    if (!sealing) {
      sealing = {
        ...{ day: day.id, person: tag },
        key: person ? contentKey(day.key, person.key) : contentKey(day.key),
        keyedHash: person ? keyedHashOf(person.key) : this.#strangersHash,
        daySecret: day.secret,
      };
      if (day.sealing.size >= MAX_READY) day.sealing.clear();
      day.sealing.set(tag, sealing);
    }
    return sealing;
  }

  /** Undefined when one of the keys was forgotten. */
  openingKey({ day, person }: SealedBy): KeyObject | undefined {
    const ready = this.#opening.get(day);
    if (ready?.has(person)) return ready.get(person);
    if (this.#openingKeys >= MAX_READY) {
      this.#opening.clear();
      this.#openingKeys = 0;
    }
    const key = this.#openingKey(day, person);
    const ofDay = this.#opening.get(day) ?? new Map<PersonTag, KeyObject | undefined>();
    this.#opening.set(day, ofDay.set(person, key));
    this.#openingKeys += 1;
    return key;
  }

  /** The tags that stand for this id in the stores: as a person, and as a stranger. */
  tagsOf(identityId: string): PersonTag[] {
    if (identityId === '') return [''];
    return [...this.file.tagsOf(identityId), this.strangerTagOf(identityId)];
  }

  /** The keyed hashes of a text: the one of strangers, and one for the key of each person. */
  *hashesOf(text: string): Generator<string> {
    yield this.#strangersHash(text);
    for (const key of this.file.personKeys) yield keyedHashOf(key)(text);
  }

  /** The tag of a stranger with an id; empty without an id. */
  strangerTagOf(identityId: string): PersonTag {
    return identityId === '' ? '' : this.file.keyedHash('stranger', identityId);
  }

  /** The tag of a group; empty for none. */
  groupTagOf(groupName: string): string {
    if (groupName === '') return '';
    let tag = this.#groupTags.get(groupName);
    if (tag === undefined) {
      tag = this.file.keyedHash('group', groupName);
      if (this.#groupTags.size >= MAX_READY) this.#groupTags.clear();
      this.#groupTags.set(groupName, tag);
    }
    return tag;
  }

  /** Forgets the key of a person, or of all days before one. @throws {KeyFileError} */
  forget(what: { readonly identityId: string } | { readonly before: Day }, today: Day): void {
    try {
      if ('identityId' in what) this.file.forgetPerson(what.identityId, today);
      else this.file.forgetDaysBefore(what.before, today);
    } finally {
      // `dataVersion` shows only the changes of others, and a failed call may have deleted a key.
      this.#clear();
    }
  }

  /** Deletes the keys that sealed nothing on or after the day. @throws {KeyFileError} */
  collect(usedBefore: Day): void {
    try {
      this.file.collect(usedBefore);
    } finally {
      this.#clear();
    }
  }

  [Symbol.dispose](): void {
    this.#clear();
    this.file[Symbol.dispose]();
  }

  #openingKey(dayId: number, tag: PersonTag): KeyObject | undefined {
    const day = this.file.dayKey(dayId);
    if (!day) return undefined;
    if (tag === '') return contentKey(day);
    const person = this.file.personKey(tag);
    return person && contentKey(day, person);
  }

  #findDay(day: Day): ReadyDay | undefined {
    const ready = this.#days.get(day);
    if (ready) return ready;
    const found = this.file.findDay(day);
    if (!found) return undefined;
    const opened = { ...found, secret: deriveSecret('hash', found.key), sealing: new Map() };
    this.#days.set(day, opened);
    return opened;
  }

  #findPerson(identityId: string): PersonKey | undefined {
    const ready = this.#persons.get(identityId);
    if (ready) return ready;
    const found = this.file.findPerson(identityId);
    if (!found) return undefined;
    if (this.#persons.size >= MAX_READY) this.#persons.clear();
    this.#persons.set(identityId, found);
    return found;
  }

  #clear(): void {
    this.#days.clear();
    this.#persons.clear();
    this.#opening.clear();
    this.#openingKeys = 0;
  }
}

/** Whether the subject has a key of a person. A stranger's id is new each time: a key for it would protect nobody. */
export const isOfPerson = ({
  identityId,
  personType,
}: Pick<Subject, 'identityId' | 'personType'>) => identityId !== '' && personType !== 'STRANGER';

/** The day whose key seals the subject. */
export const keyDayOf = ({ occurredAt, receivedAt }: Subject): Day =>
  dayOf(Math.min(occurredAt, receivedAt));

const contentKey = (...keys: readonly Buffer[]): KeyObject => deriveKey('content', ...keys);

/** Makes a hash that nobody can compute once the key is forgotten: 66 bits, in base64url. */
function keyedHashOf(key: Buffer): (text: string) => string {
  const secret = deriveSecret('hash', key);
  return (text) => hash('sha512-256', `${secret} ${text}`, 'base64url').slice(0, 11);
}

function noteLater<Key>(days: Map<Key, Day>, key: Key, usedOn: Day): void {
  days.set(key, Math.max(days.get(key) ?? 0, usedOn));
}
