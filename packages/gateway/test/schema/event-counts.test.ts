import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import { TimeBuckets } from '../../src/schema/time-buckets.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxId } from '../support/recognitions.ts';
import { viewerWith } from '../support/viewers.ts';

const HOUR_MS = 3_600_000;
const at = (text: string) => Date.parse(text);

describe('counts of events', () => {
  let gateway: InsideGraphQL;
  beforeEach(() => {
    gateway = new InsideGraphQL();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const counts = async (args: string, fields: string, viewer = OPEN_VIEWER) => {
    const { data, errors } = await gateway.ask(
      `{ eventCounts(${args}) { count ${fields} } }`,
      undefined,
      viewer,
    );
    expect(errors).toBeUndefined();
    return data?.['eventCounts'] as readonly Record<string, unknown>[];
  };
  const happen = async (...times: readonly string[]) => {
    for (const time of times) await gateway.inside.event({ occurredAt: at(time) });
  };

  it('are of each hour between from and to, also of those without events', async () => {
    await happen('2026-01-31T10:00:00Z', '2026-01-31T10:59:59.999Z', '2026-01-31T12:00:00Z');
    const filter = '{ from: "2026-01-31T09:30:00Z", to: "2026-01-31T12:00:01Z" }';
    expect(await counts(`filter: ${filter}, by: HOUR`, 'from to')).toEqual(
      [0, 2, 0, 1].map((count, hour) => ({
        count,
        from: new Date(at('2026-01-31T09:00:00Z') + hour * HOUR_MS).toISOString(),
        to: new Date(at('2026-01-31T10:00:00Z') + hour * HOUR_MS).toISOString(),
      })),
    );
  });

  it('are of days by the clocks of a time zone, with 25 hours when clocks are set back', async () => {
    await happen('2026-10-24T21:59:59Z', '2026-10-24T22:00:00Z', '2026-10-25T22:30:00Z');
    expect(await counts('by: DAY, timeZone: "Europe/Berlin"', 'from to')).toEqual([
      { count: 1, from: '2026-10-23T22:00:00.000Z', to: '2026-10-24T22:00:00.000Z' },
      { count: 2, from: '2026-10-24T22:00:00.000Z', to: '2026-10-25T23:00:00.000Z' },
    ]);
  });

  it('are of devices with events, and of all types of the filter', async () => {
    await happen('2026-01-31T10:00:00Z', '2026-01-31T11:00:00Z');
    await gateway.inside.event({ boxId: boxId('b'), personType: 'VIP' });
    expect(await counts('by: DEVICE', 'device { id }')).toEqual([
      { count: 2, device: { id: 'a/gate' } },
      { count: 1, device: { id: 'b/gate' } },
    ]);
    expect(
      await counts('filter: { personTypes: [VIP, STRANGER] }, by: PERSON_TYPE', 'personType'),
    ).toEqual([
      { count: 0, personType: 'STRANGER' },
      { count: 1, personType: 'VIP' },
    ]);
  });

  it('hold only what the viewer may see, and nothing of persons without `identity`', async () => {
    await happen('2026-01-31T10:00:00Z');
    await gateway.inside.event({ boxId: boxId('b'), identityId: '17' });
    const plant = viewerWith({ siteIds: ['plant'], fields: [] });
    expect(await counts('by: DEVICE', 'device { id }', plant)).toEqual([
      { count: 1, device: { id: 'b/gate' } },
    ]);
    expect(await counts('filter: { identityIds: ["17"] }, by: DEVICE', '', plant)).toEqual([]);
    expect(await counts('by: DEVICE', '', viewerWith({ historyMs: 0 }))).toEqual([]);
  });

  it.each([
    'by: HOUR, filter: { from: "2026-01-01T00:00:00Z", to: "2026-03-01T00:00:00Z" }',
    'by: DAY, timeZone: "Mars/Olympus"',
  ])('refuse %s as BAD_USER_INPUT', async (args) => {
    const { errors } = await gateway.ask(`{ eventCounts(${args}) { count } }`);
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });
});

describe('hours and days of a time zone', () => {
  it('follow each other without a gap, and hold what they begin with', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('HOUR', 'DAY'),
        fc.constantFrom(
          ...['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Cairo'],
          ...['America/Havana', 'Asia/Beirut'],
        ),
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z') }),
        (size, zone, time) => {
          const buckets = new TimeBuckets(size, zone);
          const start = buckets.startOf(time);
          const end = buckets.next(start);
          expect(start).toBeLessThanOrEqual(time);
          expect(end).toBeGreaterThan(time);
          expect(buckets.startOf(end)).toBe(end);
          expect(buckets.startOf(end - 1)).toBe(start);
        },
      ),
      { numRuns: 500 },
    );
  });
});
