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
import { deriveKey, deriveSecret } from './sealing.ts';

/** Of whom and when something is, as far as that decides by which keys it is sealed. */
export interface Subject {
  /** Empty for a stranger whom the box did not number. */
  readonly identityId: string;
  readonly personType: PersonType;
  /** Both in ms since the Unix epoch. */
  readonly occurredAt: number;
  readonly receivedAt: number;
}

/** By which keys something is sealed; stays with it, in clear. */
export interface SealedBy {
  /** The id of the day's key. */
  readonly day: number;
  /** Whose key it takes beside the day's; empty: the day's alone. */
  readonly person: PersonTag;
}

export interface SealingKey extends SealedBy {
  readonly key: KeyObject;
  /**
   * For the text of a person, or of nobody: a hash that nobody can make any more once the person is
   * forgotten. The same on all days.
   */
  readonly keyedHash: (text: string) => string;
  /** For keyed hashes that are equal for all of a day; gone with the day's key. */
  readonly daySecret: string;
}

/** Beyond so many, all that is held ready is made anew; a box may invent persons without end. */
const MAX_READY = 20_000;

interface ReadyDay extends DayKey {
  readonly secret: string;
  /** By the tag of the person; empty for strangers. */
  readonly sealing: Map<PersonTag, SealingKey>;
}

/**
 * The keys of a key file for one thread: each content has one that is made of its day's and its
 * person's, so that forgetting either is enough. Strangers have the day's alone.
 *
 * A day is that of the earlier of `occurredAt` and `receivedAt`: what is older than a time has
 * a key of that age, whatever the clock of its box.
 */
export class Keyring implements Disposable {
  readonly file: KeyFile;
  readonly #days = new Map<Day, ReadyDay>();
  readonly #persons = new Map<string, PersonKey>();
  /** By the day's id and the person's tag. */
  readonly #opening = new Map<number, Map<PersonTag, KeyObject | undefined>>();
  /** How many of them. */
  #openingKeys = 0;
  readonly #groupTags = new Map<string, string>();
  readonly #strangersHash = (text: string): string => this.file.keyedHash('event', text);
  #version: number;
  /** The last day on which anything was sealed. */
  #newestUse: Day;

  /** @throws {KeyFileError} */
  constructor(path: string) {
    this.file = new KeyFile(path);
    this.#version = this.file.dataVersion;
    this.#newestUse = this.file.newestUse;
  }

  /** At the beginning of each piece of work: what was forgotten meanwhile is not used any more. */
  refresh(): void {
    const version = this.file.dataVersion;
    if (version === this.#version) return;
    this.#version = version;
    this.#clear();
  }

  /** Makes the keys that these lack, all at once. @throws {KeyFileError} */
  prepare(subjects: readonly Subject[]): void {
    const days = new Map<Day, Day>();
    const persons = new Map<string, Day>();
    for (const subject of subjects) {
      // A clock that was back must not make a key look unused for years.
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

  /** @throws {KeyFileError} */
  sealingKey(subject: Subject): SealingKey {
    const day = this.#findDay(keyDayOf(subject));
    const person = isOfPerson(subject) ? this.#findPerson(subject.identityId) : undefined;
    if (!day || (isOfPerson(subject) && !person)) {
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

  /** What stands for this identity where it is kept: as a person, and as a stranger. */
  tagsOf(identityId: string): PersonTag[] {
    if (identityId === '') return [''];
    const person = this.#findPerson(identityId);
    return [...(person ? [person.tag] : []), this.strangerTagOf(identityId)];
  }

  /** Stands for a stranger whom a box has numbered. */
  strangerTagOf(identityId: string): PersonTag {
    return identityId === '' ? '' : this.file.keyedHash('stranger', identityId);
  }

  /** Stands for a group; empty for none. */
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

  /** Of a person, or of all days before one. @throws {KeyFileError} */
  forget(what: { readonly identityId: string } | { readonly before: Day }, today: Day): void {
    try {
      if ('identityId' in what) this.file.forgetPerson(what.identityId, today);
      else this.file.forgetDaysBefore(what.before, today);
    } finally {
      // The file tells of the changes of others alone; and a key may be gone where the rest failed.
      this.#clear();
    }
  }

  /** Lets go of keys with which nothing was sealed since that day. @throws {KeyFileError} */
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

/** Strangers whom boxes number get another number each time: a key for each would be no protection. */
const isOfPerson = ({ identityId, personType }: Pick<Subject, 'identityId' | 'personType'>) =>
  identityId !== '' && personType !== 'STRANGER';

const keyDayOf = ({ occurredAt, receivedAt }: Subject): Day =>
  dayOf(Math.min(occurredAt, receivedAt));

const contentKey = (...keys: readonly Buffer[]): KeyObject => deriveKey('content', ...keys);

/** A hash that nobody can make any more once the key is forgotten: 66 bits of base64url. */
function keyedHashOf(key: Buffer): (text: string) => string {
  const secret = deriveSecret('hash', key);
  return (text) => hash('sha512-256', `${secret} ${text}`, 'base64url').slice(0, 11);
}

function noteLater<Key>(days: Map<Key, Day>, key: Key, usedOn: Day): void {
  days.set(key, Math.max(days.get(key) ?? 0, usedOn));
}
