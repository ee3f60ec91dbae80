import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { compileFilter, type EventFilter } from '../../../src/journal/filter.ts';
import type { Recognition } from '../../../src/journal/recognition.ts';
import { migrate } from '../../../src/journal/sqlite/schema.ts';
import { Search } from '../../../src/journal/sqlite/search.ts';
import { sourceCondition } from '../../../src/journal/sqlite/source-condition.ts';
import { Writer } from '../../../src/journal/sqlite/writer.ts';
import { Keyring } from '../../../src/privacy/keyring.ts';
import { entry } from '../../support/journals.ts';

const DEVICES = 300;

/** A file with the events of a box that invents devices, and with those of an honest one. */
function fileOfInventedDevices() {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const of = (boxId: string, deviceId: string) => entry({ boxId, deviceId } as Recognition);
  const entries = Array.from({ length: DEVICES }, (_, index) => [
    of('invents', `device-${index}`),
    of('invents', `honest/device-${index}`),
    of('honest', `device-${index % 3}`),
  ]).flat();
  const folder = mkdtempSync(join(tmpdir(), 'se5-keys-'));
  using keyring = new Keyring(join(folder, 'keys.db'));
  const appended = new Writer(database, keyring).append(entries, new Map());
  rmSync(folder, { recursive: true });
  const events = entries.flatMap((each) => (each.kind === 'event' ? [each.event] : []));
  return { database, appended, events };
}

const deviceIds = (count: number) => Array.from({ length: count }, (_, index) => `device-${index}`);

it.each<EventFilter>([
  { boxIds: ['invents'] },
  { boxIds: ['honest'] },
  { boxIds: ['nobody'] },
  { siteIds: ['hq', 'plant'], boxIds: ['honest', 'invents'] },
  { deviceIds: ['device-1'] },
  { deviceIds: ['honest/device-1'] },
  { deviceIds: ['invents/honest/device-1'] },
  { deviceIds: deviceIds(100) },
  { deviceIds: deviceIds(100).map((id) => `invents/${id}`), boxIds: ['invents'] },
  { deviceIds: [] },
])('a search finds what the filter %o matches', (filter) => {
  using database = fileOfInventedDevices().database;
  const { appended, events } = fileOfInventedDevices();
  const matches = compileFilter(filter);
  const search = new Search(database, filter);
  const expected = appended.filter((_, index) => {
    const event = events[index];
    return event && matches(event);
  });
  const found = [...search.find({ low: 1, high: 10_000 }, 'first', 10_000)].at(-1) ?? [];
  expect(found).toEqual(expected);
});

it('a filter carries no list of the devices that a box invented', () => {
  using database = fileOfInventedDevices().database;
  for (const filter of [{ boxIds: ['invents'] }, { siteIds: ['hq'] }]) {
    const values = sourceCondition(database, filter)?.values ?? [];
    expect(JSON.stringify(values).length).toBeLessThan(1_000);
  }
});
