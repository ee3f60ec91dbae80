import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type NatsServer, natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toCursorKey } from '../../../src/journal/cursor.ts';
import type { JournalRecord, Position } from '../../../src/journal/journal.ts';
import { journalFile, openAt } from '../../support/journals.ts';
import { SharedLog } from '../../support/nats-journals.ts';
import { boxId, gap, recognition } from '../../support/recognitions.ts';
import { until } from '../../support/until.ts';

const LOBBY = boxId('hq-lobby');

const ids = (records: readonly JournalRecord[]): string[] =>
  records.map((record) => {
    if (record.kind === 'act') return record.act.action;
    return record.kind === 'event' ? record.event.id : record.gap.reason;
  });

const event = (given: Parameters<typeof recognition>[0] = {}) => ({
  kind: 'event' as const,
  event: recognition(given),
});

describe.skipIf(natsTestsAreSkipped())('a log that gateways share', () => {
  let server: NatsServer;
  let shared: SharedLog;

  beforeEach(async () => {
    server = await startNatsServer();
    shared = await SharedLog.on(server);
  });

  afterEach(async () => {
    await shared[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const owning = async (gateway: string, box = LOBBY) => {
    const opened = await shared.open(gateway);
    await opened.journal.expect(box);
    await opened.journal.own(box);
    return opened;
  };

  it('gives all gateways the same records at the same positions, in one order', async () => {
    const a = await owning('a');
    const b = await owning('b', boxId('hq-gate'));
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        Promise.all([
          a.journal.append(event()),
          b.journal.append(event({ boxId: boxId('hq-gate') })),
          ...(index % 10 === 0
            ? [a.journal.append({ kind: 'gap', gap: gap({ boxId: LOBBY }) })]
            : []),
        ]),
      ),
    );
    const newest = Math.max(a.journal.newest, b.journal.newest);
    await Promise.all([a.journal.reached(newest), b.journal.reached(newest)]);
    expect(a.told).toEqual(b.told);
    expect(a.told).toHaveLength(105);
  });

  it('has cursors that are good on every gateway, also on one that is behind', async () => {
    const a = await owning('a');
    const first = await a.journal.append(event());
    const b = await shared.open('b');
    await b.journal.reached(first.position);
    const cursor = a.journal.cursorAt(first.position);
    expect(b.journal.resume(cursor)).toEqual({ position: first.position, gap: undefined });
    expect(b.journal.cursorAt(first.position)).toBe(cursor);
    const ahead = a.journal.cursorAt((first.position + 1_000) as Position);
    expect(b.journal.resume(ahead)).toEqual({ position: first.position + 1_000, gap: undefined });
  });

  it('has the same cursors after a restart as the gateways that ran on', async () => {
    const a = await owning('a');
    const b = await shared.open('b');
    const before = await a.journal.append(event());
    await a[Symbol.asyncDispose]();
    const again = await owning('a');
    const { position } = await again.journal.append(event());
    await b.journal.reached(position);
    for (const each of [before.position, position]) {
      expect(again.journal.cursorAt(each)).toBe(b.journal.cursorAt(each));
    }
    expect(again.journal.resume(b.journal.cursorAt(position))).toEqual({
      position,
      gap: undefined,
    });
  });

  it('has the same cursors after a restart before anything was said', async () => {
    const a = await shared.open('a');
    await a[Symbol.asyncDispose]();
    const again = await shared.open('a');
    const b = await owning('b');
    const { position } = await b.journal.append(event());
    await again.journal.reached(position);
    expect(again.journal.cursorAt(position)).toBe(b.journal.cursorAt(position));
  });

  it('refuses what the owner before writes, and tells it who owns the box', async () => {
    const a = await owning('a');
    const lost = Promise.withResolvers<unknown>();
    a.journal.onLost(lost.resolve);
    await a.journal.append(event());
    const b = await owning('b');
    await expect(lost.promise).resolves.toEqual({ boxId: LOBBY, to: 'b' });
    await expect(a.journal.append(event())).rejects.toMatchObject({ code: 'NOT_OWNER' });
    const { position } = await b.journal.append(event());
    await a.journal.reached(position);
    expect(ids(a.told)).toEqual(ids(b.told).slice(-2));
  });

  it('drops an event whose id the log has already, on every gateway', async () => {
    const a = await owning('a');
    const said = event();
    const first = await a.journal.append(said);
    const again = await a.journal.append(said);
    expect(again).toMatchObject({ position: first.position, isDuplicate: true });
    expect(a.told).toHaveLength(1);
  });

  it('has an event once that one owner read back and the next one heard live', async () => {
    const a = await owning('a');
    const { journal, told } = await shared.open('b');
    await journal.expect(LOBBY);
    const said = [1_000, 2_000, 3_000, 4_000, 5_000].map((occurredAt) => event({ occurredAt }));
    const waiting = said.slice(0, 3).map((each) => journal.append(each));
    for (const { event: live } of said.slice(1, 4)) {
      const { id } = recognition();
      const occurredAt = live.occurredAt + 1;
      await a.journal.append(event({ ...live, id, occurredAt, delivery: 'BACKFILLED' }));
    }
    await journal.own(LOBBY);
    // What was under way comes when the box has changed hands.
    const late = said.slice(3).map((each) => journal.append(each));
    const order: number[] = [];
    const records = await Promise.all(
      [...waiting, ...late].map(async (appended, index) => {
        const record = await appended;
        order.push(index);
        return record;
      }),
    );
    const doubles = records.map(({ isDuplicate = false }) => isDuplicate);
    expect(doubles).toEqual([false, true, true, true, false]);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(told).toHaveLength(5);
  });

  it('knows at the next owner up to when a box was heard', async () => {
    const a = await owning('a');
    a.journal.settle(LOBBY, { at: 123 });
    await a.journal.drained(LOBBY);
    const b = await shared.open('b');
    await b.journal.expect(LOBBY);
    expect(b.journal.settled.get(LOBBY)).toEqual({ at: 123 });
    await b.journal.own(LOBBY);
    // The owner before writes no note any more.
    a.journal.settle(LOBBY, { at: 456 });
    await a.journal.drained(LOBBY);
    const c = await shared.open('c');
    await c.journal.expect(LOBBY);
    expect(c.journal.settled.get(LOBBY)).toEqual({ at: 123 });
  });

  it('loses and doubles nothing while its server dies and comes back', async () => {
    const a = await owning('a');
    const b = await shared.open('b');
    const appended: Promise<unknown>[] = [];
    const said: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < 20; index += 1) {
        const entry = event();
        said.push(entry.event.id);
        appended.push(a.journal.append(entry));
      }
      await appended.at(-15);
      await server.kill();
      await server.restart();
    }
    await Promise.all(appended);
    await b.journal.reached(a.journal.newest);
    expect(ids(a.told)).toEqual(said);
    expect(ids(b.told).slice(-said.length)).toEqual(said);
  });

  it('is followed on when more comes while it is looked at', async () => {
    const { journal, log } = await owning('a');
    const look = log.incarnation.bind(log);
    const incarnation = vi.spyOn(log, 'incarnation').mockImplementationOnce(async () => {
      const found = await look();
      await journal.append(event());
      return found;
    });
    const follow = vi.spyOn(log, 'follow');
    await until(() => incarnation.mock.calls.length === 2);
    await journal.append(event());
    expect(follow).not.toHaveBeenCalled();
  });

  it('gives a gateway with an empty file everything that the log has', async () => {
    const a = await owning('a');
    const entries = Array.from({ length: 700 }, () => event());
    await Promise.all(entries.map((entry) => a.journal.append(entry)));
    const b = await shared.open('b');
    await b.journal.reached(a.journal.newest);
    const pages = async (journal: typeof a.journal) => {
      const { records } = await journal.history({
        filter: {},
        take: { from: 'first', count: 1_000 },
      });
      return records;
    };
    expect(await pages(b.journal)).toEqual(await pages(a.journal));
    const people = async (journal: typeof a.journal) => {
      const { records } = await journal.people({ filter: {}, count: 10 });
      const ids = records.map(({ event: { identityId } }) => identityId);
      return { records, counts: await journal.countPeople({}, ids) };
    };
    expect(await people(b.journal)).toMatchObject({ counts: [700] });
    expect(await people(b.journal)).toEqual(await people(a.journal));
  });

  it('goes on where it stopped when its file is opened again', async () => {
    const a = await owning('a');
    await a.journal.append(event());
    const cursor = a.journal.cursorAt(a.journal.newest);
    await a[Symbol.asyncDispose]();
    const b = await owning('b');
    const { position } = await b.journal.append(event());
    const again = await shared.open('a');
    await again.journal.reached(position);
    expect(again.told).toHaveLength(1);
    const resumed = again.journal.resume(cursor);
    expect(resumed.gap).toBeUndefined();
    const { records } = await again.journal.read(resumed.position, 10);
    expect(records).toHaveLength(1);
  });

  it('says that the log has lost what the file has, instead of passing over what comes there', async () => {
    const epoch = 7n;
    const place = { epoch, first: 1, oldest: 1, cursorKey: toCursorKey(Buffer.alloc(16, 7)) };
    await using file = await journalFile();
    await using model = await openAt(file.path);
    await model.followLog({ ...place, newest: 0 });
    await model.follow([], 20 as Position);
    await expect(model.followLog({ ...place, newest: 12 })).rejects.toMatchObject({
      code: 'LOG_WENT_BACK',
    });
    await model.followLog({ ...place, newest: 20 });
  });

  it('goes on at higher positions when the stream is made anew, and says what may be lost', async () => {
    const a = await owning('a');
    const b = await shared.open('b');
    const { position } = await a.journal.append(event());
    await b.journal.reached(position);
    const cursor = a.journal.cursorAt(position);
    const connection = await connect({ servers: server.url });
    const manager = await jetstreamManager(connection);
    await manager.streams.delete('se5');
    await connection.close();
    const later = await a.journal.append(event());
    expect(later.position).toBeGreaterThan(position);
    await b.journal.reached(later.position);
    // Whoever is live is told, too.
    expect(ids(b.told).slice(1)).toEqual(['JOURNAL_UNAVAILABLE', ids([later])[0]]);
    for (const { journal } of [a, b]) {
      const resumed = journal.resume(cursor);
      expect(resumed.gap).toBeUndefined();
      const { records } = await journal.read(resumed.position, 10);
      expect(ids(records)).toEqual(['JOURNAL_UNAVAILABLE', ids([later])[0]]);
    }
  });
});
