import type { Site } from '@se5/client';
import { expect, test } from 'vitest';
import { defaultZone, zonesOf } from '../../src/time/zones.ts';

const site = (name: string, timezone: string | null): Site => ({ id: name, name, timezone });
const reader = 'Europe/Berlin';

test('the page begins in the zone of its sites where they share one, else in the reader’s', () => {
  const hq = site('HQ', 'Asia/Shanghai');
  expect(defaultZone([hq, site('Plant', 'Asia/Shanghai')], reader)).toBe('Asia/Shanghai');
  expect(defaultZone([hq, site('Quay', 'America/Halifax')], reader)).toBe(reader);
  expect(defaultZone([hq, site('Quay', null)], reader)).toBe(reader);
  expect(defaultZone([], reader)).toBe(reader);
});

test('each zone is offered once, with whose it is', () => {
  const sites = [site('HQ', 'Asia/Shanghai'), site('Plant', reader), site('Quay', 'Asia/Shanghai')];
  expect(zonesOf(sites, reader)).toEqual([
    { zone: 'Asia/Shanghai', sites: ['HQ', 'Quay'], isReaders: false },
    { zone: reader, sites: ['Plant'], isReaders: true },
  ]);
});
