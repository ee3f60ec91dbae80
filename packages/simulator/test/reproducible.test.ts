import { type SentEvent, startSimulator } from '@se5/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const withoutTime = ({ timestamp: _timestamp, ...rest }: SentEvent): Omit<SentEvent, 'timestamp'> =>
  rest;

/** The devices and the first events of a seed. */
const streamOf = async (seed: number, count: number) => {
  await using simulator = await startSimulator({ seed });
  const events = Array.from({ length: count }, () => simulator.emit());
  return { devices: simulator.devices, events: events.map(withoutTime) };
};

test('a seed has one stream and one set of devices', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      expect(await streamOf(seed, 60)).toEqual(await streamOf(seed, 60));
    }),
    { numRuns: 10 },
  );
});

test('boxes with different seeds have different devices and streams', async () => {
  const streams = await Promise.all([1, 2, 3, 4].map((seed) => streamOf(seed, 60)));

  const ids = streams.flatMap(({ devices }) => devices.map(({ deviceId }) => deviceId));
  expect(new Set(ids).size).toBe(16);
  const seen = streams.map(({ events }) => events.map((event) => event.identityId).join());
  expect(new Set(seen).size).toBe(4);
});

test('a face has the same name at every box', async () => {
  const [one, other] = await Promise.all([streamOf(1, 400), streamOf(2, 400)]);
  const nameOf = new Map(one.events.map((event) => [event.pictures.face, event.identityName]));

  const shared = other.events.filter((event) => nameOf.has(event.pictures.face));

  expect(shared.length).toBeGreaterThan(100);
  for (const event of shared) expect(event.identityName).toBe(nameOf.get(event.pictures.face));
});

test('everybody comes by: each kind of person, each device, and most come again elsewhere', async () => {
  const { devices, events } = await streamOf(1, 1000);

  expect(new Set(events.map((event) => event.personType))).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(new Set(events.map((event) => event.deviceId)).size).toBe(devices.length);
  const walkedOn = events.filter((event, index) =>
    events
      .slice(Math.max(0, index - 12), index)
      .some(
        (before) =>
          before.pictures.face === event.pictures.face && before.deviceId !== event.deviceId,
      ),
  );
  expect(walkedOn.length / events.length).toBeGreaterThan(0.25);
  const capturedAgain = events.filter((event, index) => {
    const before = events[index - 1];
    return before?.pictures.face === event.pictures.face && before.deviceId === event.deviceId;
  });
  expect(capturedAgain.length).toBeGreaterThan(20);
});
