import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SiteConfig } from '../../src/config/config.ts';
import { type WatchRule, WEEKDAYS } from '../../src/config/watch.ts';
import { Watch } from '../../src/watch/watch.ts';
import { anyFilter, anyRecognition, matchesModel } from '../support/arbitraries.ts';
import { recognition, siteConfig, siteId } from '../support/recognitions.ts';

const SITES: readonly SiteConfig[] = [
  { ...siteConfig('hq', []), timezone: 'Europe/Berlin' },
  siteConfig('plant', []),
];

const HOUR_MS = 3_600_000;

const rule = (given: Partial<WatchRule> = {}): WatchRule => ({
  id: 'a',
  title: 'A',
  severity: 'HIGH',
  when: undefined,
  timezone: undefined,
  events: {},
  cooldownMs: 60_000,
  ...given,
});

const span = (fromHour: number, toHour: number) => ({
  days: WEEKDAYS,
  fromMs: fromHour * HOUR_MS,
  toMs: toHour * HOUR_MS,
});

/** In the morning on 5 January 2026, an hour before noon in Berlin. */
const event = recognition({ occurredAt: Date.parse('2026-01-05T10:00Z') });
const rulesOf = (watch: Watch, about = event) => watch.matchesOf(about).map(({ rule }) => rule);

/** What a rule may say of events; times and scopes are those of filters alone. */
const anyEvents = anyFilter.map(({ from: _, to: __, scopes: ___, ...events }) => events);

describe('a watch', () => {
  it('says of each rule whether an event matches, in the order of the rules', () => {
    fc.assert(
      fc.property(fc.array(anyEvents, { maxLength: 4 }), anyRecognition, (filters, about) => {
        const rules = filters.map((events, index) => rule({ id: `${index}`, events }));
        const expected = rules.filter(({ events }) => matchesModel(events, about));
        expect(rulesOf(new Watch(rules, SITES), about)).toEqual(expected.map(({ id }) => id));
      }),
    );
  });

  it('tells what an alarm needs, with an id of its own for each match', () => {
    const watch = new Watch([rule(), rule({ id: 'b', cooldownMs: 0 })], SITES);
    const [first, second] = watch.matchesOf(event);
    expect(first).toEqual({
      ...{ rule: 'a', title: 'A', severity: 'HIGH', cooldownMs: 60_000 },
      alarm: expect.any(String),
    });
    expect(second).toMatchObject({ rule: 'b', cooldownMs: 0 });
    const ids = [first, second, ...watch.matchesOf(event)].map((match) => match?.alarm);
    expect(new Set(ids).size).toBe(4);
  });

  it('goes by the clocks of the event’s site, by UTC where a site has no zone', () => {
    const watch = new Watch(
      [
        rule({ id: 'eleven', when: [span(11, 12)] }),
        rule({ id: 'ten', when: [span(10, 11)] }),
        rule({ id: 'never', when: [] }),
      ],
      SITES,
    );
    expect(rulesOf(watch)).toEqual(['eleven']);
    expect(rulesOf(watch, { ...event, siteId: siteId('plant') })).toEqual(['ten']);
    expect(rulesOf(watch, { ...event, siteId: siteId('elsewhere') })).toEqual(['ten']);
  });

  it('goes by the clocks of its own zone before those of the site', () => {
    const watch = new Watch([rule({ when: [span(18, 19)], timezone: 'Asia/Shanghai' })], SITES);
    expect(rulesOf(watch)).toEqual(['a']);
  });

  it('goes by when an event occurred, not by when it came', () => {
    const watch = new Watch([rule({ when: [span(11, 12)] })], SITES);
    const late = { ...event, delivery: 'BACKFILLED', receivedAt: event.occurredAt + 5 * HOUR_MS };
    expect(rulesOf(watch, { ...late, delivery: 'BACKFILLED' })).toEqual(['a']);
  });

  it('goes by other rules once they are replaced', () => {
    const watch = new Watch([rule()], SITES);
    watch.replace([rule({ id: 'b', when: [span(11, 12)] })]);
    expect(rulesOf(watch)).toEqual(['b']);
    watch.replace([]);
    expect(rulesOf(watch)).toEqual([]);
  });
});
