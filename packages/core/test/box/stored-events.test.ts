import { inspect } from 'node:util';
import { type AnswerFault, type SimulatorOptions, startSimulator, TEMPLATE } from '@se5/simulator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Box } from '../../src/box/box.ts';
import { MAX_PAGES, storedEvents } from '../../src/box/stored-events.ts';
import { dialectNamed } from '../../src/protocol/dialects/index.ts';
import { stored } from '../../src/protocol/dialects/v5-stored.ts';
import { BoxError } from '../../src/protocol/errors.ts';
import { toDeviceId } from '../../src/protocol/ids.ts';
import type { JsonValue } from '../../src/protocol/json.ts';
import { decodePicture } from '../../src/protocol/picture.ts';
import { optionsFor, Recorder } from './recorder.ts';

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

const ALWAYS = { from: 0, to: 4e12 };

async function setUp(options: SimulatorOptions = {}, httpTimeoutMs = 60_000) {
  await using stack = new AsyncDisposableStack();
  const simulator = stack.use(await startSimulator(options));
  const box = stack.use(new Box({ ...optionsFor(simulator), httpTimeoutMs }, new Recorder()));
  const owned = stack.move();
  return { simulator, box, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const code = (asked: Promise<unknown>) =>
  asked.then(
    () => 'nothing',
    (error: unknown) => (error instanceof BoxError ? error.code : 'another error'),
  );

describe('the stored events of a box', () => {
  it.each(['ascending', 'descending', 'random'] as const)(
    'come once each, over several pages, in %s order',
    async (order) => {
      await using parts = await setUp({ archive: { order } });
      const { simulator, box } = parts;
      const sent = Array.from({ length: 120 }, (_, ms) => simulator.emit({ timestamp: 1e12 + ms }));
      const events = await all(box.storedEvents(ALWAYS));
      const times = events.map(({ occurredAt }) => occurredAt).toSorted((a, b) => a - b);
      expect(times).toEqual(sent.map(({ timestamp }) => timestamp));
      expect(simulator.storedRequests).toBeGreaterThanOrEqual(3);
      expect(inspect(events, { depth: null })).not.toMatch(
        new RegExp(`feature|${TEMPLATE.feature[0]}|${TEMPLATE.feature_binary}`),
      );
    },
  );

  it('are those of the span and of the devices that are asked for', async () => {
    await using parts = await setUp({ devices: 3, archive: { timestampShiftMs: 0 } });
    const { simulator, box } = parts;
    const [one, other] = simulator.devices.map(({ deviceId }) => toDeviceId(deviceId));
    if (!one || !other) throw new Error('there are no devices');
    for (const timestamp of [1000, 1001, 1999, 2000]) {
      simulator.emit({ timestamp, deviceId: one });
      simulator.emit({ timestamp, deviceId: other });
    }
    const query = { from: 1001, to: 2000, devices: [one] };
    const events = await all(box.storedEvents(query));
    expect(events.map((event) => [event.deviceId, event.occurredAt])).toEqual([
      [one, 1999],
      [one, 1001],
    ]);
    expect(await all(box.storedEvents({ ...query, devices: [] }))).toEqual([]);
  });

  it('are had whole although events come in while the pages are turned', async () => {
    for (const order of ['ascending', 'descending'] as const) {
      await using parts = await setUp({ archive: { order } });
      const { simulator, box } = parts;
      for (let ms = 0; ms < 120; ms += 1) simulator.emit({ timestamp: 1e12 + ms });
      const times = new Set<number>();
      let arrived = 0;
      for await (const { occurredAt } of box.storedEvents(ALWAYS)) {
        expect(times).not.toContain(occurredAt);
        times.add(occurredAt);
        if (arrived < 60) simulator.emit({ timestamp: 2e12 + arrived });
        arrived += 1;
      }
      expect([...times].filter((ms) => ms < 2e12)).toHaveLength(120);
    }
  });

  it.each<[AnswerFault, string]>([
    ['missing', 'NOT_SUPPORTED'],
    ['status', 'PROTOCOL'],
    ['envelope', 'BOX_REFUSED'],
    ['not-json', 'PROTOCOL'],
    ['unanswered', 'TIMEOUT'],
    ['slow', 'TIMEOUT'],
    ['huge', 'PROTOCOL'],
  ])('that fail by %s throw %s', async (fault, expected) => {
    await using parts = await setUp({}, fault === 'huge' ? 5_000 : 200);
    const { simulator, box } = parts;
    simulator.emit();
    simulator.faults.storedEvents(fault);
    expect(await code(all(box.storedEvents(ALWAYS)))).toBe(expected);
  });

  it('end with the reason of the signal, while a page is asked for and between two', async () => {
    await using parts = await setUp();
    const { simulator, box } = parts;
    for (let ms = 0; ms < 60; ms += 1) simulator.emit();
    const stop = new AbortController();
    const reason = new Error('enough');
    const paging = box.storedEvents({ ...ALWAYS, pauseMs: 60_000, signal: stop.signal });
    for (let taken = 0; taken < 50; taken += 1) await paging.next();
    const paused = paging.next().catch((error: unknown) => error);
    stop.abort(reason);
    expect(await paused).toBe(reason);
    simulator.faults.storedEvents('unanswered');
    const again = new AbortController();
    const asked = all(box.storedEvents({ ...ALWAYS, signal: again.signal })).catch(
      (error: unknown) => error,
    );
    await simulator.until(({ storedRequests }) => storedRequests === 2);
    again.abort(reason);
    expect(await asked).toBe(reason);
  });
});

/** Turns pages that a function makes. */
const turn = (answer: (page: number, asked: number) => JsonValue) => {
  let asked = 0;
  const unreadable: BoxError[] = [];
  const ask = async ({ path }: { readonly path: string }): Promise<JsonValue> => {
    asked += 1;
    return answer(Number(new URL(path, 'http://box').searchParams.get('page')), asked);
  };
  const events = all(
    storedEvents(ask, stored, { ...ALWAYS, unreadable: (error) => unreadable.push(error) }),
  );
  return { events, unreadable, asked: () => asked };
};

const record = (number: number) => ({
  _id: `${number}`,
  timestamp: 1_600_000_000 + number,
  common: { ep_info: { device_id: 'gate' } },
});
const records = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => record(from + index));
const page = (data: JsonValue[], total_count: number) => ({ data, pagination: { total_count } });

describe('pages', () => {
  it('are turned again when one of them shifted because a record went', async () => {
    // After the first page, record 0 is gone: record 50 has moved to the page that was read.
    const answers = [
      page(records(0, 50), 100),
      page(records(51, 100), 99),
      page(records(1, 51), 99),
      page(records(51, 100), 99),
    ];
    const { events } = turn((_, asked) => answers[asked - 1] ?? page([], 99));
    expect(await events).toHaveLength(100);
  });

  it('are turned again although a record has been hidden for three rounds', async () => {
    // Two pages a round; where each is of another order, one record may come on neither of them.
    const { events } = turn((number, asked) => {
      const hidden = asked <= 6 ? 0 : 59;
      const shown = [...records(0, hidden), ...records(hidden + 1, 60), record(59 - hidden)];
      return page(shown.slice(number * 50, (number + 1) * 50), 60);
    });
    expect(await events).toHaveLength(60);
  });

  it('are INCOMPLETE when they come to less than the box counts', async () => {
    for (const always of [page(records(0, 50), 120), page([], 120)]) {
      const { events, asked } = turn(() => always);
      await expect(events).rejects.toMatchObject({ code: 'INCOMPLETE' });
      expect(asked()).toBeLessThan(20);
    }
  });

  it('are INCOMPLETE when there is no end of them', async () => {
    const { events, asked } = turn((number) => page([record(number)], 1e9));
    await expect(events).rejects.toMatchObject({ code: 'INCOMPLETE' });
    expect(asked()).toBe(MAX_PAGES);
  });

  it('are refused when one has many more records than were asked for', async () => {
    const { events, asked } = turn(() => page(records(0, 1_001), 1_001));
    await expect(events).rejects.toMatchObject({ code: 'PROTOCOL' });
    expect(asked()).toBe(1);
    const { events: others } = turn(() => page(records(0, 1_000), 1_000));
    expect(await others).toHaveLength(1_000);
  });

  it('end with the first that brings nothing new when the box does not count', async () => {
    const { events } = turn((number) => ({ data: number < 3 ? [record(number)] : [record(2)] }));
    expect(await events).toHaveLength(3);
  });

  it('are not spoiled by a record that cannot be read, which is told of without a word of it', async () => {
    const bad = { _id: 'x', common: { identity_name: 'Visitor 12' } };
    const { events, unreadable } = turn(() => page([record(1), bad, 'Visitor 12', record(2)], 4));
    expect(await events).toHaveLength(2);
    expect(unreadable.map((error) => error.code)).toEqual(['INVALID_EVENT', 'INVALID_EVENT']);
    expect(inspect(unreadable)).not.toContain('Visitor');
  });

  it('bring every record once, in whatever order a box that shuffles them gives them', async () => {
    const shuffled = fc.array(fc.shuffledSubarray(records(0, 12), { minLength: 12 }), {
      minLength: 30,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(shuffled, fc.integer({ min: 3, max: 12 }), async (orders, perPage) => {
        const { events } = turn((number, asked) => {
          const order = orders[(asked - 1) % orders.length] ?? [];
          return page(order.slice(number * perPage, (number + 1) * perPage), 12);
        });
        const found = await events.catch((error: unknown) =>
          error instanceof BoxError ? error.code : [],
        );
        // A shuffle may hide a record for a whole round: then it is said.
        if (found === 'INCOMPLETE') return;
        expect(new Set(Array.isArray(found) ? found.map(({ eventId }) => eventId) : [])).toEqual(
          new Set(records(0, 12).map(({ _id }) => _id)),
        );
        expect(found).toHaveLength(12);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the pictures of a stored event', () => {
  it('are had by what the event says of them', async () => {
    await using parts = await setUp();
    const { simulator, box } = parts;
    const sent = simulator.emit({ personType: 1 });
    const [event] = await all(box.storedEvents(ALWAYS));
    for (const slot of ['face', 'scene', 'registered'] as const) {
      const reference = event?.pictures[slot];
      const picture = reference && (await box.picture(reference));
      if (!picture) throw new Error(`the box has no ${slot}`);
      expect(picture.contentType).toBe('image/jpeg');
      expect(decodePicture(picture).toString('base64')).toBe(sent.pictures[slot]);
    }
  });

  it('are undefined when the box has them no more, and an error when it is something else', async () => {
    await using parts = await setUp({}, 500);
    const { simulator, box } = parts;
    const gone = { kind: 'event', id: 'gone', datetime: '1' } as const;
    expect(await box.picture(gone)).toBeUndefined();
    const codes = [];
    for (const fault of ['status', 'envelope', 'not-json', 'unanswered'] as const) {
      simulator.faults.pictures(fault);
      codes.push(await code(box.picture(gone)));
    }
    expect(codes).toEqual(['PROTOCOL', 'BOX_REFUSED', 'PROTOCOL', 'TIMEOUT']);
  });
});

it('leaves out one record without an id that nests thousands deep, and gives all others', async () => {
  const deep = JSON.parse(`${'['.repeat(20_000)}1${']'.repeat(20_000)}`) as JsonValue;
  const good = { _id: 'good', timestamp: 1_000, common: { ep_info: { device_id: 'gate' } } };
  const pages: JsonValue[] = [
    { data: [{ nested: deep }, good], pagination: { total_count: 2 } },
    { data: [], pagination: { total_count: 2 } },
  ];
  const unreadable: BoxError[] = [];
  const events = storedEvents(async () => pages.shift() ?? null, stored, {
    ...ALWAYS,
    unreadable: (error) => unreadable.push(error),
  });
  expect((await all(events)).map(({ eventId }) => eventId)).toEqual(['good']);
  expect(unreadable.map((error) => error.code)).toEqual(['INVALID_EVENT']);
});

it('leaves out one record that nests thousands deep beside one with a long number', async () => {
  const common = '"common":{"ep_info":{"device_id":"gate"},"identity_id":110101199003078515}';
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const text = `{"data":[{"_id":"deep","timestamp":1,${common},"nested":${deep}},{"_id":1.10,"timestamp":1,${common}}],"pagination":{"total_count":2}}`;
  const { readJson } = dialectNamed('v5');
  const unreadable: BoxError[] = [];
  const events = storedEvents(async () => readJson(Buffer.from(text)), stored, {
    ...ALWAYS,
    unreadable: (error) => unreadable.push(error),
  });
  const found = (await all(events)).map(({ eventId, identityId }) => [eventId, identityId]);
  expect(found).toEqual([['1.10', '110101199003078515']]);
  expect(unreadable.map((error) => error.code)).toEqual(['INVALID_EVENT']);
});
