import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { natsTestsAreSkipped } from '@se5/nats-server';
import { describe, expect, it } from 'vitest';
import { Keyring } from '../../../src/privacy/keyring.ts';
import { endSharing } from '../../../src/privacy/shared/key-mirror.ts';
import { SharedKeysError } from '../../../src/privacy/shared/shared-keys-error.ts';
import { connected, employee, KeyCluster, LOG, onDay, STREAM } from '../../support/shared-keys.ts';
import { TestClock } from '../../support/test-clock.ts';
import { until } from '../../support/until.ts';

const DAY_MS = 86_400_000;

/** When an erasure happened, by the log. */
const MOMENT = { position: LOG.newest, at: expect.any(Number) };

const seen = (identityId: string, day: number) =>
  employee(identityId, { occurredAt: day * DAY_MS, receivedAt: day * DAY_MS });

describe.skipIf(natsTestsAreSkipped())('gateways that share their keys', () => {
  it('agree on the key of a person whom two of them see first at the same moment', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    const persons = Array.from({ length: 50 }, (_, index) => employee(`person-${index}`));
    await Promise.all([one.keys.prepare(persons), other.keys.prepare(persons.toReversed())]);
    expect(one.keys.prepare(persons)).toBeUndefined();
    expect(other.keys.prepare(persons)).toBeUndefined();
    expect(one.inFile.keys).toHaveLength(51);
    expect(other.inFile).toEqual(one.inFile);
    expect((await cluster.subjects()).filter((name) => name.startsWith('person'))).toHaveLength(50);
    expect([...one.faults, ...other.faults]).toEqual([]);
  });

  it('have the id, the secret and the keys of the file of the first', async () => {
    await using cluster = await KeyCluster.start();
    const [first, second] = [cluster.gateway('first'), cluster.gateway('second')];
    {
      using alone = new Keyring(first.path);
      alone.prepare([employee('person-1'), onDay(7)]);
      alone.prepare([employee('person-2')]);
      alone.forget({ identityId: 'person-2' }, 10);
    }
    await first.start();
    await second.start();
    expect(second.inFile).toEqual(first.inFile);
    using one = new Keyring(first.path);
    using other = new Keyring(second.path);
    expect(other.file.id).toBe(one.file.id);
    expect(other.file.secretFor('pictures')).toBe(one.file.secretFor('pictures'));
    const key = one.sealingKey(employee('person-1'));
    expect(other.openingKey(key)?.equals(key.key)).toBe(true);
    expect(second.inFile.forgotten).toHaveLength(1);
  });

  it('refuse a file that was used elsewhere, and leave it as it is', async () => {
    await using cluster = await KeyCluster.start();
    await cluster.started('one');
    const other = cluster.gateway('other');
    {
      using alone = new Keyring(other.path);
      alone.prepare([employee('person-1')]);
    }
    const before = await readFile(other.path);
    await expect(other.start()).rejects.toMatchObject({
      code: 'OTHER_KEYS',
      message: expect.stringContaining('move the key file'),
    });
    expect(await readFile(other.path)).toEqual(before);
  });

  it('fetch a key that another one created a moment ago', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    for (let index = 0; index < 20; index += 1) {
      const subject = employee(`person-${index}`);
      await one.keys.prepare([subject]);
      using keyring = new Keyring(one.path);
      const by = keyring.sealingKey(subject);
      expect(await other.keys.fetch(by)).toBe(true);
      using followed = new Keyring(other.path);
      expect(followed.openingKey(by)).toBeDefined();
    }
  });

  it('forget a person in every file of every gateway and of the server', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    const persons = Array.from({ length: 100 }, (_, index) => employee(`person-${index}`));
    await one.keys.prepare(persons);
    using keyring = new Keyring(one.path);
    const by = keyring.sealingKey(employee('person-50'));
    const key = one.inFile.keys.find(({ id }) => id === by.person);
    await until(() => other.inFile.keys.length === 101);
    expect(key && (await cluster.filesWithKey(key))).toHaveLength(3);

    await one.keys.forget({ kind: 'identity', identityId: 'person-50' });
    expect(await one.keys.fetch(by)).toBe(false);
    expect(await other.keys.fetch(by)).toBe(false);
    expect(key && (await cluster.filesWithKey(key))).toEqual([]);
    expect(one.inFile.keys).toHaveLength(100);
    expect(other.inFile).toEqual(one.inFile);
    for (const { notices } of [one, other]) {
      await until(() => notices.some(({ uncovered }) => uncovered.length > 0));
      expect(notices.flatMap(({ forgotten }) => forgotten)).toEqual([by.person]);
      expect(notices.flatMap(({ uncovered }) => uncovered)).toEqual([
        { kind: 'stranger', stranger: keyring.strangerTagOf('person-50'), until: MOMENT },
      ]);
    }
  });

  it('forget the keys of the days before a time', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    await one.keys.prepare([onDay(3), onDay(4)]);
    await other.keys.prepare([onDay(5), onDay(6)]);
    const time = 5 * DAY_MS + 1;
    await one.keys.forget({ kind: 'before', time });
    await until(() => other.notices.some(({ uncovered }) => uncovered.length > 0));
    expect(new Set(one.inFile.keys.map(({ owner }) => owner))).toEqual(new Set([5, 6]));
    expect(other.inFile).toEqual(one.inFile);
    expect(other.notices.flatMap(({ forgotten }) => forgotten)).toHaveLength(2);
    expect(other.notices.flatMap(({ uncovered }) => uncovered)).toEqual([
      { kind: 'before', time, until: MOMENT },
    ]);
  });

  it('give a person who comes again another key, the same everywhere', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    await one.keys.prepare([employee('person-1')]);
    const [first] = one.inFile.keys.filter(({ owner }) => typeof owner === 'string');
    await one.keys.forget({ kind: 'identity', identityId: 'person-1' });
    await other.keys.prepare([employee('person-1')]);
    await one.keys.prepare([employee('person-1')]);
    const [second] = one.inFile.keys.filter(({ owner }) => typeof owner === 'string');
    expect(second?.owner).toBe(first?.owner);
    expect(second?.id).not.toBe(first?.id);
    expect(other.inFile).toEqual(one.inFile);
  });

  it('forget when they come back what was forgotten while they were away', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    await one.keys.prepare([employee('person-1'), employee('person-2')]);
    await until(() => other.inFile.keys.length === 3);
    const before = other.inFile;
    await other.stop();
    await one.keys.forget({ kind: 'identity', identityId: 'person-1' });
    const key = before.keys.find(({ id }) => one.inFile.forgotten.includes(id));
    expect(key && (await cluster.filesWithKey(key))).toEqual([other.path]);

    await other.start();
    expect(key && (await cluster.filesWithKey(key))).toEqual([]);
    expect(other.inFile).toEqual(one.inFile);
    await until(() => other.notices.some(({ uncovered }) => uncovered.length > 0));
    expect(other.notices.flatMap(({ forgotten }) => forgotten)).toEqual([key?.id]);
  });

  it('are told of an erasure until they take it, and never again', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    await other.stop();
    await one.keys.forget({ kind: 'identity', identityId: 'stranger-4' });
    const refused = Promise.withResolvers<void>();
    await other.start({
      forgotten() {
        refused.resolve();
        throw new Error('the journal is not open');
      },
    });
    await refused.promise;
    await other.stop();
    let attempts = 0;
    const taken = Promise.withResolvers<void>();
    await other.start({
      forgotten() {
        attempts += 1;
        if (attempts < 3) throw new Error('the journal is not open');
        taken.resolve();
      },
    });
    await taken.promise;
    // Noted on disk once a later call to the file has answered.
    await other.keys.prepare([onDay(4)]);
    await other.stop();
    await other.start();
    const time = 3 * DAY_MS;
    await one.keys.forget({ kind: 'before', time });
    await until(() => other.notices.length > 0);
    expect(other.notices).toEqual([
      { forgotten: [], persons: [], uncovered: [{ kind: 'before', time, until: MOMENT }] },
    ]);
  });

  it('finish an erasure that ended before the key was deleted from the stream', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    await one.keys.prepare([employee('person-1')]);
    const key = one.inFile.keys.find(({ owner }) => typeof owner === 'string');
    if (!key) throw new Error('there is no key');
    await Promise.all([one.stop(), other.stop()]);
    const { connection } = await cluster.manager();
    // What a gateway has done that ends in the middle.
    await connection.request(`${STREAM}.forgotten.person.${key.id}`, '{"v":1}');
    await other.start();
    expect(await cluster.filesWithKey(key)).toEqual([one.path]);
    await one.start();
    expect(await cluster.filesWithKey(key)).toEqual([]);
  });

  it('create no keys in a shared file by themselves, and forget none', async () => {
    await using cluster = await KeyCluster.start();
    const one = await cluster.started('one');
    await one.keys.prepare([employee('person-1')]);
    using keyring = new Keyring(one.path);
    keyring.prepare([employee('person-2')]);
    expect(() => keyring.sealingKey(employee('person-2'))).toThrow(
      expect.objectContaining({ code: 'KEY_MISSING' }),
    );
    expect(() => keyring.forget({ identityId: 'person-1' }, 10)).toThrow(
      expect.objectContaining({ code: 'SHARED' }),
    );
    keyring.collect(1_000);
    keyring.forget({ identityId: 'person-2' }, 10);
    expect(one.inFile.keys).toHaveLength(2);

    await one.stop();
    endSharing(one.path);
    expect(keyring.sealingKey(employee('person-2')).person).not.toBe('');
    keyring.forget({ identityId: 'person-1' }, 10);
    // What it did alone reaches the others when it shares its keys again.
    const other = await cluster.started('other');
    expect(other.inFile.keys).toHaveLength(2);
    await one.start();
    await until(() => other.inFile.forgotten.length === 1 && other.inFile.keys.length === 2);
    expect(other.inFile).toEqual(one.inFile);
  });

  it('collect keys that none of them used for one and a quarter of the retention', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    // Kept for 40 days; a use is told when the last one is older than 10.
    await one.keys.prepare([seen('used', 10), seen('unused', 10)]);
    const [used, unused] = [one.keyOf('used'), one.keyOf('unused')];
    await other.keys.prepare([seen('used', 20)]);
    expect(await cluster.subjects()).not.toContain(`use.person.${used?.id}`);
    await other.keys.prepare([seen('used', 25)]);
    expect(await cluster.subjects()).toContain(`use.person.${used?.id}`);
    await one.level();
    expect(one.keys.prepare([seen('used', 25)])).toBeUndefined();
    const persons = () => one.inFile.keys.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
    await one.keys.collect(20 * DAY_MS);
    expect(persons()).toHaveLength(2);
    await one.keys.collect(21 * DAY_MS);
    expect(persons()).toEqual([used?.id]);
    await other.level();
    expect(other.inFile).toEqual(one.inFile);
    expect(unused && (await cluster.filesWithKey(unused))).toEqual([]);
  });

  it('tell the cluster of a use that only their file has', async () => {
    await using cluster = await KeyCluster.start();
    const one = await cluster.started('one');
    await one.keys.prepare([seen('person-1', 10)]);
    const key = one.keyOf('person-1');
    {
      using keyring = new Keyring(one.path);
      keyring.prepare([seen('person-1', 20)]);
    }
    await one.stop();
    await one.start();
    await one.keys.prepare([seen('person-1', 25)]);
    expect(await cluster.subjects()).toContain(`use.person.${key?.id}`);
  });

  it('use a key or collect it, and never both', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    const seenOn = (day: number) =>
      Array.from({ length: 80 }, (_, index) => seen(`person-${index}`, day));
    await one.keys.prepare(seenOn(10));
    const away = await cluster.started('away');
    await away.stop();
    for (let day = 61; day < 270; day += 51) {
      const subjects = seenOn(day);
      const calls = [other.keys.collect((day - 40) * DAY_MS)];
      for (const subject of subjects) {
        const prepared = one.keys.prepare([subject]);
        if (prepared) calls.push(prepared);
        // So that some come while the others are collected.
        await nextTurn();
      }
      await Promise.all(calls);
      using keyring = new Keyring(one.path);
      for (const subject of subjects) {
        expect(await other.keys.fetch(keyring.sealingKey(subject))).toBe(true);
      }
    }
    await away.start();
    expect(away.inFile).toEqual(one.inFile);
  });

  it('say that a key is lost when no gateway brings it for a minute', async () => {
    await using cluster = await KeyCluster.start();
    const clock = new TestClock();
    const one = await cluster.started('one', { clock });
    const asleep = clock.untilAsleep(60_000);
    const fetched = one.keys.fetch({ day: 12_345, person: '' });
    await asleep;
    clock.pass(60_000);
    expect(await fetched).toBe(false);
    expect(one.faults).toEqual([expect.objectContaining({ code: 'KEY_LOST' })]);
  });

  it('say once that a newer gateway wrote a message, and ignore it', async () => {
    await using cluster = await KeyCluster.start();
    const one = await cluster.started('one');
    const { connection } = await cluster.manager();
    await connection.request(`${STREAM}.person.name.tag`, '{"v":2,"sealed":"…"}');
    await connection.request(`${STREAM}.group.night`, '{"v":1}');
    await connection.request(`${STREAM}.mark`, '{"v":1,"more":[1]}');
    await connection.request(`${STREAM}.day.no-day.4`, '{"v":1}');
    await one.level();
    // It reads the stream again.
    await cluster.server.restart();
    await one.keys.prepare([employee('person-1')]);
    const said = one.faults.map((error) => error instanceof SharedKeysError && error.code);
    expect(said.filter((code) => code === 'NEWER_VERSION')).toHaveLength(2);
    expect(said.filter((code) => code === 'BAD_MESSAGE')).toHaveLength(1);
  });

  it.each([{ max_age: 3_600_000_000_000 }, { max_msgs: 1_000 }, { deny_delete: true }])(
    'refuse a stream that would lose keys or keep them: %o',
    async (settings) => {
      await using cluster = await KeyCluster.start();
      const { manager } = await cluster.manager();
      await manager.streams.add({
        ...{ name: STREAM, subjects: [`${STREAM}.>`], max_msgs_per_subject: 1 },
        ...{ allow_msg_ttl: true, ...settings },
      });
      await expect(cluster.started('one')).rejects.toMatchObject({ code: 'STREAM_SETTINGS' });
    },
  );

  it('reject calls that wait when they are closed, or their connection is', async () => {
    await using cluster = await KeyCluster.start();
    const clock = new TestClock();
    const one = await cluster.started('one', { clock });
    const asleep = clock.untilAsleep(60_000);
    const fetched = one.keys.fetch({ day: 12_345, person: '' });
    await asleep;
    await cluster.server.kill();
    const calls = Promise.allSettled([
      one.keys.prepare([employee('person-1')]),
      one.keys.forget({ kind: 'identity', identityId: 'person-2' }),
      fetched,
    ]);
    await one.stop();
    const closed = { status: 'rejected', reason: expect.objectContaining({ code: 'CLOSED' }) };
    expect(await calls).toEqual([closed, closed, closed]);
  });

  it('reject calls when the connection is closed for good', async () => {
    await using cluster = await KeyCluster.start();
    const connection = await connected(cluster.server.url);
    const one = await cluster.started('one', { connection });
    await connection.close();
    await until(() => one.faults.length > 0);
    expect(one.faults).toEqual([expect.objectContaining({ code: 'CLOSED' })]);
    await expect(one.keys.prepare([employee('person-1')])).rejects.toMatchObject({
      code: 'CLOSED',
    });
  });
});
