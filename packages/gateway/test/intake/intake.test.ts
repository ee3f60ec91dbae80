import { describe, expect, it } from 'vitest';
import type { BoxConfig } from '../../src/config/config.ts';
import type { BoxId } from '../../src/config/ids.ts';
import type { WatchRule } from '../../src/config/watch.ts';
import { createMemoryImageStore } from '../../src/images/memory-image-store.ts';
import { eventIdOf } from '../../src/intake/event-id.ts';
import { Intake, type IntakeObserver } from '../../src/intake/intake.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { Watch } from '../../src/watch/watch.ts';
import { holdSqliteJournal, readAll } from '../support/journals.ts';
import { boxConfig, boxEvent, boxId, picture, siteConfig } from '../support/recognitions.ts';
import { until } from '../support/until.ts';

class Tally implements IntakeObserver {
  readonly told: string[] = [];
  event(box: BoxId): void {
    this.told.push(`event ${box}`);
  }
  duplicate(box: BoxId): void {
    this.told.push(`duplicate ${box}`);
  }
  lost(box: BoxId, error: unknown): void {
    this.told.push(`lost ${box}: ${error instanceof Error ? error.message : 'no error'}`);
  }
}

const lobby = boxId('hq-lobby');

/** An intake with all that it puts things into. */
function setUp(
  box: Partial<BoxConfig> = {},
  journal: Journal = createMemoryJournal(),
  watched: readonly WatchRule[] = [],
) {
  const images = createMemoryImageStore({
    capture: 'always',
    keepMs: 86_400_000,
    maxBytes: 10_000,
  });
  const tally = new Tally();
  const sites = [siteConfig('hq', [boxConfig({ id: lobby, ...box })])];
  const intake = new Intake(sites, journal, images, {
    observer: tally,
    watch: new Watch(watched, sites),
  });
  return {
    intake,
    journal,
    images,
    tally,
    start: journal.newest,
    async [Symbol.asyncDispose]() {
      await journal[Symbol.asyncDispose]();
      await images[Symbol.asyncDispose]();
    },
  };
}

describe('the intake', () => {
  it('puts a recognition into the journal for what a box says', async () => {
    await using parts = setUp();
    const event = boxEvent({ score: 0.62, eventId: '17', extra: { box_fiqa_info: { score: 3 } } });
    parts.intake.event(lobby, event, 1_566_016_554_100, 1);
    const { records } = await parts.journal.read(parts.start, 10);
    const { eventId: _, ...told } = event;
    expect(records).toEqual([
      {
        kind: 'event',
        position: parts.journal.newest,
        event: {
          ...told,
          id: eventIdOf(lobby, event),
          siteId: 'hq',
          boxId: 'hq-lobby',
          receivedAt: 1_566_016_554_100,
          delivery: 'LIVE',
          similarity: 0.62,
          pictures: {},
        },
      },
    ]);
    expect(parts.tally.told).toEqual(['event hq-lobby']);
  });

  it('keeps pictures out of the journal, in the store, where they can be had when the event is', async () => {
    await using parts = setUp();
    const face = picture('/9j/6QAEAAD/2xxD');
    const registered = picture('/9j/6QAEAAD/2wBD/2wBD');
    const reachable: boolean[] = [];
    using _listener = parts.journal.onAppend((record) => {
      if (record.kind !== 'event') return;
      const { face: faceImage, scene } = record.event.pictures;
      expect(scene).toBeUndefined();
      if (faceImage) reachable.push(parts.images.isKept(faceImage.key));
    });
    parts.intake.event(lobby, boxEvent({ pictures: { face, registered } }), 0, 0);
    expect(reachable).toEqual([true]);
    const { records } = await parts.journal.read(parts.start, 10);
    const [record] = records;
    if (record?.kind !== 'event') throw new Error('the journal holds no event');
    const { pictures, id } = record.event;
    expect(pictures).toEqual({
      face: { key: parts.images.keyOf(id, 'face'), byteLength: 12, contentType: 'image/jpeg' },
      registered: {
        key: parts.images.keyOf(id, 'registered'),
        byteLength: 15,
        contentType: 'image/jpeg',
      },
    });
    expect(parts.images.get(pictures.registered?.key ?? '')?.picture).toBe(registered);
  });

  it('drops what a box says twice, and counts it', async () => {
    await using parts = setUp();
    for (let i = 0; i < 3; i += 1) parts.intake.event(lobby, boxEvent(), i, i);
    const { records } = await parts.journal.read(parts.start, 10);
    expect(records).toHaveLength(1);
    expect(parts.tally.told.toSorted()).toEqual([
      'duplicate hq-lobby',
      'duplicate hq-lobby',
      'event hq-lobby',
    ]);
  });

  it('reads scores as the box is configured', async () => {
    await using parts = setUp({ scoreScale: 100 });
    parts.intake.event(lobby, boxEvent({ score: 82.5 }), 0, 0);
    const { records } = await parts.journal.read(parts.start, 10);
    expect(records).toMatchObject([{ event: { score: 82.5, similarity: 0.825 } }]);
  });

  it('has rules open alarms for what comes live and for what is read back', async () => {
    const rule: WatchRule = {
      ...{ id: 'vip', title: 'A VIP', severity: 'LOW', when: undefined, timezone: undefined },
      events: { personTypes: ['VIP'], minSimilarity: 0.5 },
      cooldownMs: 1_000,
    };
    await using parts = setUp({ scoreScale: 100 }, createMemoryJournal(), [rule]);
    const vip = boxEvent({ personType: 'VIP', score: 60, occurredAt: 100_000 });
    parts.intake.event(lobby, vip, 100_080, 1);
    parts.intake.event(lobby, boxEvent({ score: 60, occurredAt: 100_001 }), 100_081, 2);
    parts.intake.event(lobby, { ...vip, score: 40, occurredAt: 100_002 }, 100_082, 3);
    await parts.intake.fillIn(lobby).take({
      ...{ from: 10_000, to: 20_000, liveFrom: 20_000 },
      events: [{ ...vip, occurredAt: 15_000, pictures: {} }],
      pictures: async () => ({}),
    });
    const { alarms } = await parts.journal.alarms({ filter: {}, order: 'opened', count: 10 });
    expect(alarms).toMatchObject([
      { rule: 'vip', title: 'A VIP', severity: 'LOW', openedAt: 15_000, eventCount: 1 },
      { rule: 'vip', openedAt: 100_000, eventCount: 1, subject: { boxId: lobby } },
    ]);
  });

  it('puts an outage into the journal as a gap', async () => {
    await using parts = setUp();
    parts.intake.outage(lobby, 1_000, 5_000);
    const { records } = await parts.journal.read(parts.start, 10);
    expect(records).toMatchObject([
      {
        kind: 'gap',
        gap: { reason: 'BOX_UNREACHABLE', from: 1_000, to: 5_000, boxId: lobby, count: null },
      },
    ]);
    expect(parts.tally.told).toEqual([]);
  });

  it('leaves one gap, once it can, for what the journal did not take', async () => {
    await using held = await holdSqliteJournal();
    await using parts = setUp({}, held.journal);
    for (const [at, score] of [
      [100, Number.NaN],
      [300, Number.NaN],
      [400, 0.5],
    ] as const) {
      parts.intake.event(lobby, boxEvent({ identityId: String(at), score }), at, at);
    }
    await until(() => held.journal.newest === 2);
    const { records } = await readAll(held.journal);
    const gap = { reason: 'JOURNAL_UNAVAILABLE', boxId: lobby, from: 100, to: 300, count: 2 };
    expect(records).toMatchObject([{ kind: 'event' }, { kind: 'gap', gap }]);
  });

  it('does not fill in an event that was heard and waits for the journal', async () => {
    await using held = await holdSqliteJournal();
    await using parts = setUp({}, held.journal);
    const event = boxEvent({ occurredAt: 5 });
    parts.intake.event(lobby, event, 5, 5);
    const recovered = await parts.intake.fillIn(lobby).take({
      ...{ from: 0, to: 10, liveFrom: 10 },
      events: [{ ...event, pictures: {} }],
      pictures: async () => ({}),
    });
    expect(recovered).toBe(0);
    expect((await readAll(held.journal)).records).toHaveLength(1);
  });

  it('says what the journal did not take', async () => {
    await using parts = setUp();
    await parts.journal[Symbol.asyncDispose]();
    parts.intake.event(lobby, boxEvent(), 0, 0);
    parts.intake.outage(lobby, 0, 1);
    await Promise.resolve();
    await Promise.resolve();
    const lost = 'lost hq-lobby: the journal has been closed';
    expect(parts.tally.told).toEqual([lost, lost]);
  });
});
