import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dayOf, KeyFile } from '../../src/privacy/key-file.ts';
import { Keyring, type Subject } from '../../src/privacy/keyring.ts';
import { open, seal } from '../../src/privacy/sealing.ts';
import { KeyMirror } from '../../src/privacy/shared/key-mirror.ts';
import { journalFile, keysOf } from '../support/journals.ts';

const DAY_MS = 86_400_000;

const subject = (given: Partial<Subject> = {}): Subject => ({
  identityId: 'person-7f3a',
  personType: 'EMPLOYEE',
  occurredAt: 10 * DAY_MS,
  receivedAt: 10 * DAY_MS,
  ...given,
});

/** The path of a key file that is not there yet. */
async function keyFile() {
  const file = await journalFile();
  return { path: keysOf(file.path), [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
}

/** Seals a text for the subject; what it takes to open it. */
function sealed(keyring: Keyring, of: Subject) {
  keyring.prepare([of]);
  const { key, day, person } = keyring.sealingKey(of);
  const bytes = seal(key, 'the text');
  return {
    open(by: Keyring): string | undefined {
      const found = by.openingKey({ day, person });
      return found && open(found, bytes).toString();
    },
  };
}

it('a forgotten key opens nothing, for nobody who has the file open, and is in no byte of it', async () => {
  await using file = await keyFile();
  using keyring = new Keyring(file.path);
  using other = new Keyring(file.path);
  const persons = Array.from({ length: 300 }, (_, index) => subject({ identityId: `id-${index}` }));
  const texts = persons.map((each) => sealed(keyring, each));
  const keys = persons.map(({ identityId }) => keyring.file.findPerson(identityId)?.key);
  for (const text of texts) expect(text.open(other)).toBe('the text');
  for (let index = 0; index < 300; index += 60) keyring.forget({ identityId: `id-${index}` }, 10);
  other.refresh();
  const bytes = await readFile(file.path);
  for (const [index, text] of texts.entries()) {
    const isForgotten = index % 60 === 0;
    expect(text.open(keyring)).toBe(isForgotten ? undefined : 'the text');
    expect(text.open(other)).toBe(isForgotten ? undefined : 'the text');
    expect(bytes.includes(keys[index] ?? '')).toBe(!isForgotten);
  }
  expect(keyring.file.forgottenBehind(3)).toHaveLength(2);
});

it('an erasure that could not write the file anew is made whole by the next', async () => {
  await using file = await keyFile();
  using keys = new KeyFile(file.path);
  keys.add(new Map(), new Map(Array.from({ length: 200 }, (_, index) => [`id-${index}`, 3])));
  // As a process leaves it that is killed, or has no room, before it has written the file anew.
  using other = new DatabaseSync(file.path);
  other.exec('UPDATE file SET is_unclean = 1');
  // Where the keys are in a page is drawn: of some, no byte stays.
  let [id, key]: [string, Buffer] = ['', Buffer.alloc(0)];
  for (let index = 0, stays = false; !stays; index += 1) {
    id = `id-${index}`;
    const person = keys.findPerson(id);
    if (!person) throw new Error('of no key a byte stays');
    key = person.key;
    other.prepare('DELETE FROM person WHERE tag = ?').run(person.tag);
    stays = (await readFile(file.path)).includes(key);
  }
  keys.forgetPerson(id, 3);
  expect((await readFile(file.path)).includes(key)).toBe(false);
  expect(other.prepare('SELECT is_unclean FROM file').get()).toEqual({ is_unclean: 0 });
  expect(other.prepare('PRAGMA freelist_count').get()).toEqual({ freelist_count: 0 });
});

it('seals nothing more by a key that is forgotten, though the file could not be written anew', async () => {
  await using file = await keyFile();
  using keyring = new Keyring(file.path);
  const before = sealed(keyring, subject());
  using other = new DatabaseSync(file.path);
  // What SQLite says of a full disk, from within the rewriting.
  other.exec(`CREATE TRIGGER full BEFORE UPDATE ON file WHEN NEW.is_unclean = 0
    BEGIN SELECT raise(ABORT, 'full'); END`);
  expect(() => keyring.forget({ identityId: 'person-7f3a' }, 10)).toThrow(/the key file/);
  const after = sealed(keyring, subject());
  expect(before.open(keyring)).toBeUndefined();
  using elsewhere = new Keyring(file.path);
  expect(after.open(elsewhere)).toBe('the text');
});

it('keeps the keys of what came while the machine’s clock was back', async () => {
  await using file = await keyFile();
  using keyring = new Keyring(file.path);
  sealed(keyring, subject({ occurredAt: 900 * DAY_MS, receivedAt: 900 * DAY_MS }));
  const back = { identityId: 'other', occurredAt: 3 * DAY_MS, receivedAt: 3 * DAY_MS };
  const text = sealed(keyring, subject(back));
  keyring.collect(890);
  expect(text.open(keyring)).toBe('the text');
});

it('an older copy of the file opens nothing wrongly', async () => {
  await using file = await keyFile();
  await using copied = await keyFile();
  {
    using keyring = new Keyring(file.path);
    sealed(keyring, subject());
  }
  await mkdir(dirname(copied.path), { recursive: true });
  await copyFile(file.path, copied.path);
  using newer = new Keyring(file.path);
  using older = new Keyring(copied.path);
  const next = { occurredAt: 11 * DAY_MS, receivedAt: 11 * DAY_MS };
  const text = sealed(newer, subject(next));
  sealed(older, subject(next));
  expect(text.open(older)).toBeUndefined();
});

it('the file is its owner’s alone, and names nobody', async () => {
  await using file = await keyFile();
  using keyring = new Keyring(file.path);
  keyring.prepare([subject()]);
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  expect((await readFile(file.path)).includes('person-7f3a')).toBe(false);
});

it('a person who comes again after having been forgotten is somebody else', async () => {
  await using file = await keyFile();
  using keyring = new Keyring(file.path);
  const before = sealed(keyring, subject());
  const tags = keyring.tagsOf('person-7f3a');
  keyring.forget({ identityId: 'person-7f3a' }, 10);
  const after = sealed(keyring, subject());
  expect(before.open(keyring)).toBeUndefined();
  expect(after.open(keyring)).toBe('the text');
  expect(keyring.tagsOf('person-7f3a')[0]).not.toBe(tags[0]);
});

it.each<[string, Partial<Subject>, boolean]>([
  ['of the day before', { occurredAt: 9 * DAY_MS, receivedAt: 9 * DAY_MS }, true],
  ['that came later from the day before', { occurredAt: 9 * DAY_MS }, true],
  ['whose box is ahead', { receivedAt: 9 * DAY_MS }, true],
  ['from before all time', { occurredAt: -1e15 }, true],
  ['of the day itself', {}, false],
])('the day that is forgotten takes what is %s', async (_, given, isTaken) => {
  await using file = await keyFile();
  using keyring = new Keyring(file.path);
  const text = sealed(keyring, subject(given));
  keyring.forget({ before: dayOf(10 * DAY_MS + 5) }, 10);
  expect(text.open(keyring)).toBe(isTaken ? undefined : 'the text');
  // The day may come again, with another key.
  expect(sealed(keyring, subject(given)).open(keyring)).toBe('the text');
});

it('a stranger has the day’s key, and no other', async () => {
  await using file = await keyFile();
  using keyring = new Keyring(file.path);
  const stranger = subject({ personType: 'STRANGER' });
  const text = sealed(keyring, stranger);
  expect(keyring.file.findPerson(stranger.identityId)).toBeUndefined();
  keyring.forget({ identityId: stranger.identityId }, 10);
  expect(text.open(keyring)).toBe('the text');
});

it('keys go some time after their last use, and not before', async () => {
  await using file = await keyFile();
  using keyring = new Keyring(file.path);
  const old = sealed(keyring, subject());
  const late = { identityId: 'other', receivedAt: 12 * DAY_MS };
  // Read back two days later, under the key of the day on which it happened.
  const readBack = sealed(keyring, subject(late));
  keyring.collect(11);
  expect(old.open(keyring)).toBeUndefined();
  expect(readBack.open(keyring)).toBe('the text');
  keyring.collect(13);
  expect(readBack.open(keyring)).toBeUndefined();
  expect(keyring.file.forgottenBehind(0)).toEqual([]);
});

it('threads that open the file at once agree about its keys', async () => {
  await using file = await keyFile();
  using one = new KeyFile(file.path);
  using other = new KeyFile(file.path);
  one.add(new Map([[3, 3]]), new Map([['person-7f3a', 3]]));
  other.add(new Map([[3, 4]]), new Map([['person-7f3a', 4]]));
  expect(other.id).toBe(one.id);
  expect(other.findPerson('person-7f3a')).toEqual(one.findPerson('person-7f3a'));
  expect(one.findDay(3)?.usedOn).toBe(4);
  expect(one.keyedHash('group', 'night')).toBe(other.keyedHash('group', 'night'));
});

/** The tables of version 1, before gateways could share keys. */
const VERSION_1 = `
  CREATE TABLE file (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), id TEXT NOT NULL,
    secret TEXT NOT NULL, is_unclean INTEGER NOT NULL) STRICT;
  CREATE TABLE day (id INTEGER PRIMARY KEY, day INTEGER NOT NULL UNIQUE, key BLOB NOT NULL,
    used_on INTEGER NOT NULL) STRICT;
  CREATE TABLE person (tag TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, key BLOB NOT NULL,
    used_on INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE forgotten (id INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT, day INTEGER,
    forgotten_on INTEGER NOT NULL) STRICT;
  PRAGMA application_id = 0x5345354b;
  PRAGMA user_version = 1;
`;

it('keeps the keys of a file of version 1', async () => {
  await using file = await keyFile();
  await using older = await keyFile();
  const text = (() => {
    using keyring = new Keyring(file.path);
    keyring.prepare([subject({ identityId: 'person-2' })]);
    keyring.forget({ identityId: 'person-2' }, 10);
    return sealed(keyring, subject());
  })();
  await mkdir(dirname(older.path), { recursive: true });
  using database = new DatabaseSync(older.path);
  database.exec(VERSION_1);
  database.prepare('ATTACH ? AS newer').run(file.path);
  database.exec(`
    INSERT INTO file SELECT 1, id, secret, 0 FROM newer.file;
    INSERT INTO day SELECT * FROM newer.day;
    INSERT INTO person SELECT * FROM newer.person;
    INSERT INTO forgotten SELECT * FROM newer.forgotten;
    DETACH newer`);
  using keyring = new Keyring(older.path);
  expect(text.open(keyring)).toBe('the text');
  expect(keyring.file.forgottenBehind(0)).toHaveLength(1);
  using current = new KeyFile(file.path);
  expect(keyring.file.id).toBe(current.id);
  expect(keyring.file.findPerson('person-7f3a')).toEqual(current.findPerson('person-7f3a'));
});

it('a person and a day may have several keys: all open, one seals, all are forgotten', async () => {
  await using file = await keyFile();
  using keyring = new Keyring(file.path);
  const before = sealed(keyring, subject());
  const [own = ''] = keyring.tagsOf('person-7f3a');
  const name = keyring.file.keyedHash('person', 'person-7f3a');
  // As other gateways created them.
  const keys = [
    { id: '-', owner: name, key: randomBytes(32), usedOn: 10 },
    { id: 'zzzzzzzzzzzz', owner: name, key: randomBytes(32), usedOn: 10 },
    { id: 0, owner: 10, key: randomBytes(32), usedOn: 10 },
  ];
  using mirror = new KeyMirror(file.path);
  mirror.apply({ keys, forgotten: [], erasures: [] }, 10);
  keyring.refresh();
  const after = sealed(keyring, subject());
  expect(keyring.sealingKey(subject())).toMatchObject({ person: '-', day: 0 });
  expect(keyring.tagsOf('person-7f3a')).toEqual(expect.arrayContaining([own, '-', 'zzzzzzzzzzzz']));
  expect(before.open(keyring)).toBe('the text');
  expect(after.open(keyring)).toBe('the text');
  keyring.forget({ identityId: 'person-7f3a' }, 10);
  expect(before.open(keyring)).toBeUndefined();
  expect(after.open(keyring)).toBeUndefined();
  expect(keyring.file.forgottenBehind(0)).toHaveLength(3);
});

it('what is sealed is opened by its key alone, and in one piece', async () => {
  await using file = await keyFile();
  using keyring = new Keyring(file.path);
  const keyOf = (identityId: string) => keyring.sealingKey(subject({ identityId })).key;
  const [key, otherKey] = [keyOf('person-1'), keyOf('person-2')];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), (bytes, place) => {
      const made = seal(key, bytes);
      expect(open(key, made)).toEqual(Buffer.from(bytes));
      expect(() => open(otherKey, made)).toThrow(/authenticate/);
      const changed = Buffer.from(made);
      changed[place % made.length] = (changed[place % made.length] ?? 0) ^ 1;
      expect(() => open(key, changed)).toThrow(/authenticate/);
      expect(() => open(key, made.subarray(1))).toThrow(/authenticate|can’t be sealed/);
      // Never twice the same, so nobody sees that two contents are equal.
      expect(seal(key, bytes)).not.toEqual(made);
    }),
  );
});
