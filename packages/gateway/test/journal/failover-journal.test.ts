import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import {
  FailoverJournal,
  type FailoverJournalOptions,
} from '../../src/journal/failover-journal.ts';
import type { JournalRecord, Position } from '../../src/journal/journal.ts';
import { JournalError } from '../../src/journal/journal-error.ts';
import { type JournalFileObserver, openJournal } from '../../src/journal/open-journal.ts';
import type { SqliteJournal } from '../../src/journal/sqlite/sqlite-journal.ts';
import { appendAll, entries, entry, journalFile, openAt, readAll } from '../support/journals.ts';
import { boxId } from '../support/recognitions.ts';

/** What was said of the journal's state, and whoever waits for it. */
class Watch extends EventTarget implements JournalFileObserver {
  readonly said: unknown[] = [];

  unavailable({ code }: JournalError): void {
    if (this.said.at(-1) !== code) this.said.push(code);
  }

  available(records: { readonly restored: number; readonly lost: number }): void {
    this.said.push(records);
    this.dispatchEvent(new Event('available'));
  }

  setAside(_path: string, newPath: string): void {
    this.said.push(newPath);
  }
}

/** A file that can be full, and the journal over it that can do without. */
class Stage implements AsyncDisposable {
  readonly watch = new Watch();
  readonly told: JournalRecord[] = [];
  readonly #parts: AsyncDisposableStack;
  readonly path: string;
  readonly #options: Partial<FailoverJournalOptions>;
  #file: SqliteJournal | undefined;
  #journal: FailoverJournal | undefined;

  static async with(options: Partial<FailoverJournalOptions> = {}): Promise<Stage> {
    const parts = new AsyncDisposableStack();
    const { path } = parts.use(await journalFile());
    const stage = new Stage(path, parts, options);
    await stage.open();
    return stage;
  }

  private constructor(
    path: string,
    parts: AsyncDisposableStack,
    options: Partial<FailoverJournalOptions>,
  ) {
    this.path = path;
    this.#parts = parts;
    this.#options = options;
  }

  get journal(): FailoverJournal {
    if (!this.#journal) throw new Error('it is not open');
    return this.#journal;
  }

  async open(): Promise<void> {
    this.#journal = await FailoverJournal.open({
      open: async () => {
        this.#file = await openAt(this.path);
        return this.#file;
      },
      observer: this.watch,
      retryMs: 5,
      ...this.#options,
    });
    this.#journal.onAppend((record) => this.told.push(record));
  }

  async restart(): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
    await this.open();
  }

  fill(): Promise<void> | undefined {
    return this.#file?.limitPages(1);
  }

  unfill(): Promise<void> | undefined {
    return this.#file?.limitPages(1_000_000);
  }

  async makeRoom(): Promise<void> {
    const available = once(this.watch, 'available');
    await this.unfill();
    await available;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#journal?.[Symbol.asyncDispose]();
    await this.#parts.disposeAsync();
  }
}

/** So large that a full file has no room for it. */
const large = () => entry({ extra: { text: 'x'.repeat(20_000) } });
const larges = (count: number) => Array.from({ length: count }, large);

describe('a journal whose disk is full', () => {
  it('goes on, in order, and each record once', async () => {
    await using stage = await Stage.with();
    const { journal, told, watch } = stage;
    const before = await appendAll(journal, entries(3));
    await stage.fill();
    const meanwhile = await appendAll(journal, larges(20));
    const later = await journal.append(large());
    const all = [...before, ...meanwhile, later];
    expect(told).toEqual(all);
    expect(watch.said).toEqual(['FULL']);
    expect(await readAll(journal)).toEqual({ records: all, gaps: [] });
    const positions = all.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
    expect(journal.newest).toBe(later.position);
  });

  it('knows how far boxes were listened to meanwhile, and the file does afterwards, but not before', async () => {
    await using stage = await Stage.with();
    const [lobby, yard] = [boxId('hq-lobby'), boxId('hq-yard')];
    stage.journal.settle(lobby, 100);
    stage.journal.settle(yard, 100);
    await appendAll(stage.journal, entries(1));
    await stage.fill();
    await appendAll(stage.journal, larges(1));
    stage.journal.settle(lobby, 200);
    expect([...stage.journal.settled.values()]).toEqual([200, 100]);
    await stage.makeRoom();
    await stage.restart();
    expect([...stage.journal.settled.values()]).toEqual([200, 100]);
  });

  it('tells who resumes from before, and gives what it has', async () => {
    await using stage = await Stage.with();
    const { journal } = stage;
    const [first] = await appendAll(journal, entries(2));
    const cursor = journal.cursorAt(first?.position as Position);
    await stage.fill();
    const began = Date.now();
    const [third] = await appendAll(journal, larges(2));
    const { position, gap } = journal.resume(cursor);
    expect(gap).toMatchObject({ reason: 'JOURNAL_UNAVAILABLE', to: null, boxId: null });
    expect(gap?.from).toBeGreaterThanOrEqual(began);
    expect((await readAll(journal, position)).records).toHaveLength(3);
    const inside = journal.resume(journal.cursorAt(third?.position as Position));
    expect(inside).toEqual({ position: third?.position, gap: undefined });
  });

  it('shows and counts in its history what is in the file and what is in memory', async () => {
    await using stage = await Stage.with();
    const { journal } = stage;
    await appendAll(journal, entries(5));
    await stage.fill();
    await appendAll(journal, larges(5));
    const { records: all } = await readAll(journal);
    expect(await journal.count({})).toBe(10);
    const newest = await journal.history({ filter: {}, take: { from: 'last', count: 7 } });
    expect(newest).toEqual({ records: all.slice(-7), hasPreviousPage: true, hasNextPage: false });
    const before = journal.cursorAt(newest.records[0]?.position as Position);
    const rest = await journal.history({ filter: {}, before, take: { from: 'last', count: 7 } });
    expect(rest).toEqual({ records: all.slice(0, 3), hasPreviousPage: false, hasNextPage: true });
    const after = journal.cursorAt(all[3]?.position as Position);
    const next = await journal.history({ filter: {}, after, take: { from: 'first', count: 3 } });
    expect(next).toEqual({ records: all.slice(4, 7), hasPreviousPage: true, hasNextPage: true });
  });

  it('writes down what was in memory once there is room, and knows the cursors of that time for good', async () => {
    await using stage = await Stage.with();
    const { told, watch } = stage;
    await appendAll(stage.journal, entries(3));
    await stage.fill();
    const meanwhile = await appendAll(stage.journal, larges(20));
    const cursor = stage.journal.cursorAt(meanwhile[9]?.position as Position);
    await stage.makeRoom();
    expect(watch.said).toEqual(['FULL', { restored: 20, lost: 0 }]);
    await appendAll(stage.journal, entries(3));
    const expected = { records: [...told], gaps: [] };
    expect(told).toHaveLength(26);
    expect(await readAll(stage.journal)).toEqual(expected);
    for (const restart of [async () => {}, () => stage.restart()]) {
      await restart();
      expect(await readAll(stage.journal)).toEqual(expected);
      const { position, gap } = stage.journal.resume(cursor);
      expect(gap).toBeUndefined();
      expect((await readAll(stage.journal, position)).records).toEqual(expected.records.slice(13));
    }
  });

  it('loses nothing of what comes while it goes back to its file', async () => {
    await using stage = await Stage.with();
    const { journal, told } = stage;
    for (let round = 0; round < 3; round += 1) {
      await stage.fill();
      await appendAll(journal, larges(300));
      const back = stage.makeRoom();
      const appends: Promise<unknown>[] = [];
      while (stage.watch.said.length < 2 * (round + 1)) {
        appends.push(journal.append(entry()));
        // Somebody who asks for the past, too, and so a pause.
        await journal.count({});
      }
      await Promise.all([back, ...appends]);
    }
    expect(new Set(told.map(({ position }) => position)).size).toBe(told.length);
    expect(await readAll(journal)).toEqual({ records: told, gaps: [] });
    await stage.restart();
    expect((await readAll(stage.journal)).records).toEqual(told);
  });

  it('says for good what did not fit into memory', async () => {
    await using stage = await Stage.with({ memory: { maxRecords: 10 } });
    const { told, watch } = stage;
    const [, second] = await appendAll(stage.journal, entries(2));
    await stage.fill();
    await appendAll(stage.journal, larges(25));
    const slow = await readAll(stage.journal, second?.position);
    expect(slow.records).toEqual(told.slice(-10));
    expect(slow.gaps).toMatchObject([{ reason: 'JOURNAL_UNAVAILABLE', count: 15 }]);

    await stage.makeRoom();
    expect(watch.said).toEqual(['FULL', { restored: 10, lost: 15 }]);
    await stage.restart();
    const { records, gaps } = await readAll(stage.journal);
    expect(gaps).toEqual([]);
    expect(records).toMatchObject([
      ...told.slice(0, 2),
      { kind: 'gap', gap: { reason: 'JOURNAL_UNAVAILABLE', boxId: null, count: 15 } },
      ...told.slice(-10),
    ]);
  });
});

it('writes down what is in memory when it is closed, if there is room by then', async () => {
  await using stage = await Stage.with({ retryMs: 1_000_000 });
  const before = await appendAll(stage.journal, entries(3));
  await stage.fill();
  const meanwhile = await appendAll(stage.journal, larges(20));
  await stage.unfill();
  await stage.restart();
  expect(await readAll(stage.journal)).toEqual({ records: [...before, ...meanwhile], gaps: [] });
});

describe('a journal that can’t be opened', () => {
  it('lives in memory until it can be, and then has what is older and what is newer', async () => {
    await using file = await journalFile();
    const watch = new Watch();
    let old: JournalRecord[];
    {
      await using journal = await openAt(file.path);
      old = await appendAll(journal, entries(3));
    }
    let isThere = false;
    await using journal = await FailoverJournal.open({
      open: () =>
        isThere
          ? openAt(file.path)
          : Promise.reject(new JournalError('READ_ONLY', 'may not be written')),
      observer: watch,
      retryMs: 5,
    });
    const records = await appendAll(journal, entries(3));
    expect((await readAll(journal, (records[0]?.position ?? 0) - 1)).records).toEqual(records);
    const available = once(watch, 'available');
    isThere = true;
    await available;
    expect(await readAll(journal)).toEqual({ records: [...old, ...records], gaps: [] });
    expect(await journal.count({})).toBe(6);
  });

  it('leaves a gap in it for what no box was asked for, since it says how far they were listened to', async () => {
    await using file = await journalFile();
    const [lobby, yard] = [boxId('hq-lobby'), boxId('hq-yard')];
    {
      await using journal = await openAt(file.path);
      await journal.append(entry());
      journal.settle(lobby, 700);
      journal.settle(yard, 500);
    }
    const watch = new Watch();
    let isThere = false;
    const journal = await FailoverJournal.open({
      open: () =>
        isThere
          ? openAt(file.path)
          : Promise.reject(new JournalError('READ_ONLY', 'may not be written')),
      observer: watch,
      retryMs: 5,
    });
    const since = Date.now();
    journal.settle(lobby, since);
    const available = once(watch, 'available');
    isThere = true;
    await available;
    await journal[Symbol.asyncDispose]();
    await using reopened = await openAt(file.path);
    const { records } = await readAll(reopened);
    expect(records).toMatchObject([
      { kind: 'event' },
      { kind: 'gap', gap: { reason: 'JOURNAL_UNAVAILABLE', from: 500, boxId: null } },
    ]);
    expect(reopened.settled.get(lobby)).toBe(since);
    expect(reopened.settled.get(yard)).toBe(500);
  });

  it('is no reason not to start, when it is the directory that can’t be made', async () => {
    await using file = await journalFile();
    await writeFile(dirname(file.path), 'a file where a directory should be');
    const watch = new Watch();
    const config = { path: file.path, keepMs: 1e9, maxBytes: 1e9, sync: 'normal' } as const;
    await using journal = await openJournal(config, watch);
    await journal.append(entry());
    expect(watch.said).toEqual(['UNAVAILABLE']);
    await rm(dirname(file.path));
    await mkdir(dirname(file.path));
    expect(await journal.count({})).toBe(1);
  });

  it('is a reason not to start, when somebody has to decide something', async () => {
    await using file = await journalFile();
    const config = { path: file.path, keepMs: 1e9, maxBytes: 1e9, sync: 'normal' } as const;
    await using _first = await openJournal(config, new Watch());
    await expect(openJournal(config, new Watch())).rejects.toThrow(
      /journal\.db is in use by another gateway; stop that one, or set journal\.path/,
    );
  });
});

describe('a damaged file', () => {
  it('is set aside as it is, and a new one begins', async () => {
    await using file = await journalFile();
    await (await openAt(file.path))[Symbol.asyncDispose]();
    const damaged = 'not what it was'.repeat(1_000);
    await writeFile(file.path, damaged);
    const watch = new Watch();
    const config = { path: file.path, keepMs: 1e9, maxBytes: 1e9, sync: 'full' } as const;
    await using journal = await openJournal(config, watch);
    expect(await journal.append(entry())).toMatchObject({ position: 1 });
    const name = String(watch.said[0]);
    expect(name).toMatch(/journal\.db\.damaged-\d{8}T\d{6}Z$/);
    expect(watch.said).toHaveLength(1);
    expect(await readFile(name, 'utf8')).toBe(damaged);
  });

  it('is set aside also when the damage shows while it is in use', async () => {
    await using file = await journalFile();
    const watch = new Watch();
    const config = { path: file.path, keepMs: 1e9, maxBytes: 1e9, sync: 'normal' } as const;
    {
      await using journal = await openJournal(config, watch);
      await appendAll(journal, entries(2_000));
    }
    await damage(file.path, 'event_by_identity');
    await using journal = await openJournal(config, watch, { retryMs: 5 });
    const available = once(watch, 'available');
    const records = await appendAll(journal, entries(2_000));
    await available;
    expect(watch.said).toEqual([
      'DAMAGED',
      expect.stringContaining('.damaged-'),
      { restored: expect.any(Number), lost: 0 },
    ]);
    const { records: kept } = await readAll(journal, records[0]?.position);
    expect(kept.at(-1)).toEqual(records.at(-1));
    expect((await readdir(dirname(file.path))).some((name) => name.includes('damaged'))).toBe(true);
  });
});

it('tells who reads on from before what can’t be read as long as the file can’t be opened again', async () => {
  await using file = await journalFile();
  await using stack = new AsyncDisposableStack();
  const config = { path: file.path, keepMs: 1e9, maxBytes: 1e9, sync: 'normal' } as const;
  {
    await using journal = await openJournal(config, new Watch());
    await appendAll(journal, entries(2_000));
  }
  await damage(file.path, 'event_by_identity');
  const refused = Promise.withResolvers<void>();
  const journal = await FailoverJournal.open({
    open: (after) => {
      if (!after) return openAt(file.path);
      refused.resolve();
      return Promise.reject(new JournalError('UNAVAILABLE', 'the disk is gone'));
    },
    observer: new Watch(),
    retryMs: 5,
  });
  stack.use(journal);
  const [first] = await appendAll(journal, entries(2_000));
  await refused.promise;
  expect(await journal.read(((first?.position ?? 0) - 1_000) as Position, 10)).toMatchObject({
    records: [],
    gap: { reason: 'JOURNAL_UNAVAILABLE' },
  });
});

/** Overwrites the root page of an index. */
async function damage(path: string, index: string): Promise<void> {
  let root: number;
  {
    using database = new DatabaseSync(path, { readOnly: true });
    const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(index);
    root = Number(row?.['rootpage']);
  }
  const bytes = await readFile(path);
  bytes.fill(0xff, (root - 1) * 4_096, root * 4_096);
  await writeFile(path, bytes);
}

describe('erasing while the file can’t be written', () => {
  const ID = 'person-7f3a';
  const byIdentity = { kind: 'identity', identityId: ID } as const;
  const observer = { going: async () => {}, progress() {} };
  const person = () => entry({ identityId: ID, extra: { text: 'x'.repeat(20_000) } });
  const left = async (stage: Stage) =>
    (await readAll(stage.journal)).records.filter(
      (record) => record.kind === 'event' && record.event.identityId === ID,
    ).length;

  it('takes the person from the file and from memory, for good', async () => {
    await using stage = await Stage.with();
    await appendAll(stage.journal, [person(), entry()]);
    await stage.fill();
    await appendAll(stage.journal, [...larges(5), person(), person()]);
    expect(await left(stage)).toBe(3);
    expect(await stage.journal.erase(byIdentity, observer)).toBe(3);
    expect(await left(stage)).toBe(0);
    await stage.makeRoom();
    await stage.restart();
    expect(await left(stage)).toBe(0);
    expect(await stage.journal.count({})).toBe(6);
  });

  it('takes a person too who waits for the file, and comes into memory since it fails', async () => {
    await using stage = await Stage.with({ retryMs: 1_000_000 });
    await stage.fill();
    const appending = stage.journal.append(person());
    expect(await stage.journal.erase(byIdentity, observer)).toBe(1);
    await appending;
    expect(await left(stage)).toBe(0);
    await stage.unfill();
    await stage.restart();
    expect(await left(stage)).toBe(0);
  });

  it('brings back all that is behind the many who were erased', async () => {
    await using stage = await Stage.with({ retryMs: 1_000_000 });
    await stage.fill();
    await stage.journal.append(large());
    await appendAll(
      stage.journal,
      Array.from({ length: 1_200 }, () => entry({ identityId: ID })),
    );
    const last = await stage.journal.append(entry());
    await stage.journal.erase(byIdentity, observer);
    await stage.unfill();
    await stage.restart();
    expect(stage.watch.said.at(-1)).toEqual({ restored: 2, lost: 0 });
    const { records, gaps } = await readAll(stage.journal);
    expect(records).toHaveLength(2);
    expect(records.at(-1)).toEqual(last);
    expect(gaps).toEqual([]);
  });

  it.each([
    ['the newest is a person who was erased', 1],
    ['all of them were erased', 0],
  ])('gives no position of memory out twice when %s', async (_, others) => {
    await using stage = await Stage.with({ retryMs: 1_000_000 });
    await stage.journal.append(entry());
    await stage.fill();
    const given = await appendAll(stage.journal, [...larges(others), person(), person()]);
    const cursors = given.map(({ position }) => stage.journal.cursorAt(position));
    await stage.journal.erase(byIdentity, observer);
    const { newest } = stage.journal;
    await stage.unfill();
    for (const restarts of [1, 2]) {
      await stage.restart();
      expect(stage.journal.newest, `after ${restarts}`).toBe(newest);
    }
    for (const [index, cursor] of cursors.entries()) {
      const position = given[index]?.position;
      expect(stage.journal.resume(cursor)).toEqual({ position, gap: undefined });
    }
    expect((await stage.journal.append(entry())).position).toBe(newest + 1);
  });

  it('says what memory had let go of though nothing else is left of it', async () => {
    await using stage = await Stage.with({ retryMs: 1_000_000, memory: { maxRecords: 3 } });
    await stage.fill();
    await appendAll(stage.journal, [large(), large(), person(), person(), person()]);
    await stage.journal.erase(byIdentity, observer);
    await stage.unfill();
    await stage.restart();
    expect(stage.watch.said.at(-1)).toEqual({ restored: 0, lost: 2 });
    expect((await readAll(stage.journal)).records).toMatchObject([
      { kind: 'gap', gap: { reason: 'JOURNAL_UNAVAILABLE', count: 2 } },
    ]);
  });

  it('takes the person from memory, and says that it could not look into the file', async () => {
    const failure = new JournalError('READ_ONLY', 'may not be opened');
    const open = () => Promise.reject(failure);
    const observed = { open, observer: new Watch() };
    await using journal = await FailoverJournal.open(observed);
    await appendAll(journal, [person(), entry()]);
    await expect(journal.erase(byIdentity, observer)).rejects.toBe(failure);
    expect(await journal.count({})).toBe(1);
  });

  it('brings nobody back who was in memory when the file came back', async () => {
    await using stage = await Stage.with();
    for (let round = 0; round < 3; round += 1) {
      await stage.fill();
      await appendAll(stage.journal, [...larges(200), person()]);
      const back = stage.makeRoom();
      await stage.journal.erase(byIdentity, observer).catch(() => {});
      await back;
      await stage.journal.erase(byIdentity, observer);
      expect(await left(stage)).toBe(0);
    }
  });
});

it('knows the cursors of what was in memory only and is lost: what was in the file is not told again', async () => {
  await using file = await journalFile();
  const before = await appendAllTo(file.path, 3);
  let cursor: string;
  {
    const durable = await openAt(file.path);
    const journal = await FailoverJournal.open({
      open: () => Promise.resolve(durable),
      observer: new Watch(),
      retryMs: 1_000_000,
    });
    await durable.limitPages(1);
    const meanwhile = await appendAll(journal, larges(20));
    cursor = journal.cursorAt(meanwhile.at(-1)?.position as Position);
    // As a process that is killed: what is in memory goes with it.
    await journal[Symbol.asyncDispose]();
  }
  await using journal = await openAt(file.path);
  expect(journal.resume(cursor)).toMatchObject({
    position: before.at(-1)?.position,
    gap: { reason: 'JOURNAL_UNAVAILABLE' },
  });
  const later = await appendAll(journal, larges(30));
  const { position } = journal.resume(cursor);
  expect((await readAll(journal, position)).records).toEqual(later);
});

async function appendAllTo(path: string, count: number) {
  await using journal = await openAt(path);
  return await appendAll(journal, entries(count));
}
