import { toDeviceId } from '@se5/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventIdOf, fingerprintOf } from '../../src/intake/event-id.ts';
import { boxEvent, boxId, picture } from '../support/recognitions.ts';

const event = boxEvent({ eventId: '17' });

describe('the id of an event', () => {
  it('is the same in every version of the gateway', () => {
    expect(eventIdOf(boxId('hq-lobby'), event)).toBe('2kYo50gmmUe_Ya0YOOMokw');
    const face = fingerprintOf(picture('/9j/6QAEAAD/2xxD'));
    expect(eventIdOf(boxId('hq-lobby'), event, face)).toBe('JEnkULpll3RcldxgOc_owA');
  });

  it.each([
    ['device', { deviceId: toDeviceId('gate-2') }],
    ['millisecond', { occurredAt: event.occurredAt + 1 }],
    ['identity', { identityId: '666667' }],
    ['score', { score: 0.63 }],
    ["box's own number", { eventId: '18' }],
    ["box's own number, when there is none", { eventId: undefined }],
  ])('differs by the %s', (_, change) => {
    const box = boxId('hq-lobby');
    expect(eventIdOf(box, { ...event, ...change })).not.toBe(eventIdOf(box, event));
  });

  it('differs by the box and, where it is asked for, by the face', () => {
    const faces = ['/9j/6QAEAAD/2xxD', '/9j/6QAEAAD/2xxE', '/9j/6QAE'].map(picture);
    const ids = [
      eventIdOf(boxId('hq-lobby'), event),
      eventIdOf(boxId('hq-gate'), event),
      ...faces.map((face) => eventIdOf(boxId('hq-lobby'), event, fingerprintOf(face))),
    ];
    expect(new Set(ids).size).toBe(5);
  });

  it('does not differ by what else the event says', () => {
    const box = boxId('hq-lobby');
    const told = { identityName: 'Visitor 13', extra: { more: 1 }, pictures: {} };
    expect(eventIdOf(box, { ...event, ...told })).toBe(eventIdOf(box, event));
  });

  it('does not confuse where one part ends and the next begins', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', '[', '1'), minLength: 1 });
    fc.assert(
      fc.property(part, part, part, part, (device, identity, otherDevice, otherIdentity) => {
        fc.pre(device !== otherDevice || identity !== otherIdentity);
        const idOf = (deviceId: string, identityId: string) =>
          eventIdOf(boxId('a'), { ...event, deviceId: toDeviceId(deviceId), identityId });
        expect(idOf(device, identity)).not.toBe(idOf(otherDevice, otherIdentity));
      }),
    );
  });
});
