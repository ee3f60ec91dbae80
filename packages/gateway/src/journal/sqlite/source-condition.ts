import type { DatabaseSync } from 'node:sqlite';
import type { EventFilter } from '../filter.ts';
import { among, type Condition, joined, MAX_PROBED } from './condition.ts';

/** No event can be of a source that the filter names. */
export const NO_SOURCE: Condition = { sql: 'FALSE', values: [] };

/**
 * What the filter's sites, boxes and devices say of an event's source; undefined when it names
 * none. Few sources are named by their numbers, which an index knows. Many, as a box has that
 * invents devices, are looked up event by event: their list alone could take longer than the search.
 */
export function sourceCondition(
  database: DatabaseSync,
  { siteIds, boxIds, deviceIds }: Pick<EventFilter, 'siteIds' | 'boxIds' | 'deviceIds'>,
): Condition | undefined {
  const conditions = [
    ...(siteIds ? [among('site_id', siteIds)] : []),
    ...(boxIds ? [among('box_id', boxIds)] : []),
    ...(deviceIds ? [among('device_id', ownIdsOf(deviceIds)), isOneOfDevices(deviceIds)] : []),
  ];
  if (conditions.length === 0) return undefined;
  const { sql, values } = joined('AND', conditions);
  const rows = database
    .prepare(`SELECT id FROM source WHERE ${sql} LIMIT ${MAX_PROBED + 1}`)
    .all(...values);
  if (rows.length === 0) return NO_SOURCE;
  if (rows.length <= MAX_PROBED) {
    return among(
      'source',
      rows.map(({ id }) => Number(id)),
    );
  }
  return {
    sql: `EXISTS (SELECT 1 FROM source WHERE source.id = event.source AND ${sql})`,
    values,
  };
}

/** `oneOfDevices`, for SQLite. */
const isOneOfDevices = (deviceIds: readonly string[]): Condition =>
  joined('OR', [
    among("(box_id || '/' || device_id)", deviceIds),
    joined('AND', [
      { sql: "instr(device_id, '/') = 0", values: [] },
      among('device_id', deviceIds),
    ]),
  ]);

/** What the boxes may call the devices: an index knows that. */
const ownIdsOf = (deviceIds: readonly string[]): string[] =>
  deviceIds.flatMap((id) => {
    const slash = id.indexOf('/');
    return slash === -1 ? [id] : [id, id.slice(slash + 1)];
  });
