import { expect, test } from 'vitest';
import { inOrderOfTrouble, troubleOf } from '../../src/boxes/trouble.ts';
import { boxOf } from '../support/events.ts';

test('boxes that are down come first, the longest first, and the others as they are configured', () => {
  const boxes = [
    boxOf('live-1', 'LIVE'),
    boxOf('silent', 'SILENT'),
    boxOf('starting', 'CONNECTING', { attempts: 1 }),
    boxOf('down-late', 'CONNECTING', { attempts: 4, since: '2026-03-01T14:30:00Z' }),
    boxOf('live-2', 'LIVE'),
    boxOf('down-early', 'BACKING_OFF', { attempts: 9, since: '2026-03-01T14:02:00Z' }),
  ];
  expect(inOrderOfTrouble(boxes).map(({ id }) => id)).toEqual([
    ...['down-early', 'down-late', 'starting', 'silent', 'live-1', 'live-2'],
  ]);
  expect(troubleOf(boxes)).toEqual({ down: 2, all: 6, since: '2026-03-01T14:02:00Z' });
});

test('quiet boxes and a first attempt are no trouble', () => {
  const boxes = [boxOf('a', 'SILENT'), boxOf('b', 'CONNECTING', { attempts: 1 })];
  expect(troubleOf(boxes)).toBeUndefined();
});
