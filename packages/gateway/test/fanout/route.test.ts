import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRoute } from '../../src/fanout/route.ts';
import { FleetDirectory } from '../../src/fleet/fleet-directory.ts';
import { compileFilter } from '../../src/journal/filter.ts';
import { anyPlaceFilter, anyRecognition } from '../support/arbitraries.ts';
import { boxConfig, boxDevice, boxId, siteConfig } from '../support/recognitions.ts';

const directory = new FleetDirectory([
  siteConfig('hq', [boxConfig({ id: boxId('a') })]),
  siteConfig('plant', [boxConfig({ id: boxId('b') })]),
]);
directory.list(boxId('a'), ['gate', 'door'].map(boxDevice));
directory.list(boxId('b'), ['gate'].map(boxDevice));

const reached = (...route: Parameters<typeof compileRoute>): string[] => {
  const reaches = compileRoute(...route);
  return directory.boxes
    .filter((box) => reaches(box, directory.devices(box.id)))
    .map(({ id }) => id);
};

describe('a route', () => {
  it('reaches every box when nothing says where from', () => {
    expect(reached(undefined)).toEqual(['a', 'b']);
    expect(reached(undefined, { personTypes: ['VIP'], minSimilarity: 0.5 })).toEqual(['a', 'b']);
  });

  it('reaches the boxes that have a device that is meant', () => {
    expect(reached(['gate'])).toEqual(['a', 'b']);
    expect(reached(['b/gate'])).toEqual(['b']);
    expect(reached(['door'])).toEqual(['a']);
    expect(reached(['b/door', 'nobody'])).toEqual([]);
    expect(reached([])).toEqual([]);
  });

  it('reaches no box that the filter leaves out', () => {
    expect(reached(undefined, { siteIds: ['plant'] })).toEqual(['b']);
    expect(reached(['gate'], { boxIds: ['a'] })).toEqual(['a']);
    expect(reached(['gate'], { deviceIds: ['b/gate'] })).toEqual(['b']);
    expect(reached(['door'], { deviceIds: ['gate'] })).toEqual([]);
    expect(reached(undefined, { siteIds: [] })).toEqual([]);
  });

  it('reaches the box of an event exactly when the filter lets that pass', () => {
    fc.assert(
      fc.property(anyPlaceFilter, anyRecognition, (filter, event) => {
        const box = { id: event.boxId, name: '', siteId: event.siteId };
        const device = directory.device(event.boxId, event.deviceId);
        expect(compileRoute(undefined, filter)(box, [device])).toBe(compileFilter(filter)(event));
      }),
    );
  });
});
