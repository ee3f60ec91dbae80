import { expect, test } from 'vitest';
import { launch } from '../src/launcher/launch.ts';
import { PAST_MS, pastDay } from '../src/launcher/past-day.ts';

test('a past day is in the order of time, within 24 hours, with busy and quiet hours', () => {
  const until = Date.parse('2026-03-01T12:00:00Z');
  const times = pastDay({ count: 1_000, seed: 1, until }).map(({ timestamp }) => timestamp ?? 0);
  expect(times).toHaveLength(1_000);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(times[0]).toBeGreaterThanOrEqual(until - PAST_MS);
  expect(times.at(-1)).toBeLessThan(until);
  const at = (hour: number) => times.filter((time) => new Date(time).getHours() === hour).length;
  expect(at(8)).toBeGreaterThan(20 * at(3));
});

test('the demonstration begins with what its boxes have stored, with pictures and open alarms', async () => {
  await using demo = await launch({ port: 0, rate: 0, past: 200, seed: 1 });
  const query = `{
    recognitionEvents(last: 100) {
      totalCount edges { node { delivery faceImage { url } gapsBefore { reason } } }
    }
    alarms(filter: { states: [OPEN] }, first: 1) { edges { node { title } } }
  }`;
  const ask = async () => {
    const answer = await fetch(`${demo.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await answer.json()) as unknown;
  };
  const image = { url: expect.stringMatching(/^\/images\//) as unknown };
  const read = { node: { delivery: 'BACKFILLED', faceImage: image, gapsBefore: [] } };
  await expect.poll(ask).toMatchObject({
    data: {
      recognitionEvents: { totalCount: 200, edges: Array.from({ length: 100 }, () => read) },
      alarms: { edges: [{ node: {} }] },
    },
  });
});
