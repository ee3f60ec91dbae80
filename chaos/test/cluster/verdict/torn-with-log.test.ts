import { describe, expect, it } from 'vitest';
import type { Received } from '../../../src/clients/received.ts';
import { tornWithLog } from '../../../src/cluster/verdict/torn-with-log.ts';
import { received, sent, trouble } from '../../verdict/records.ts';

const DELETED = [trouble({ kind: 'stream deleted' }, 100_000, 101_000)];

/** Serial numbers of events that gateways have in these ways. */
const tornIn = (histories: readonly (readonly Received[])[], troubles = DELETED) => [
  ...tornWithLog(
    histories.map((events, index) => ({ name: `gw-${index + 1}`, events })),
    Array.from({ length: 300 }, (_, serial) => sent(serial)),
    troubles,
  ),
];

describe('events that are torn with a deleted log', () => {
  it('are those that gateways have at two places, or as two events, about that time', () => {
    const moved = received(95, { cursor: 'of the new log' });
    const readBack = received(96, { id: 'read back', delivery: 'BACKFILLED' });
    expect(
      tornIn([[received(95), received(96), readBack, received(97)], [moved, readBack], [moved]]),
    ).toEqual([95, 96]);
  });

  it('are none that only miss, or that each gateway has twice, or of another time', () => {
    const twice = [received(96), received(96, { id: 'again' })];
    expect(tornIn([twice, [...twice, received(97)], []])).toEqual([]);
    const moved = received(95, { cursor: 'of the new log' });
    expect(tornIn([[received(95)], [moved]], [])).toEqual([]);
    const later = received(200, { cursor: 'of the new log' });
    expect(tornIn([[received(200)], [later]])).toEqual([]);
  });
});
