import { expect, it } from 'vitest';
import { HeardUntil } from '../../src/fleet/heard-until.ts';

const with5sAhead = () => {
  const heard = new HeardUntil(() => 5_000);
  heard.linked();
  return heard;
};

it('is unknown before anything was heard', () => {
  expect(with5sAhead().until(undefined)).toBeUndefined();
});

it('is the time of the newest event, brought to our clock', () => {
  const heard = with5sAhead();
  heard.event(105_000, 100_200);
  heard.event(103_000, 100_300);
  expect(heard.until(undefined)).toBe(100_000);
});

it('is no later for events that a network brings long after they were said', () => {
  const heard = with5sAhead();
  for (let late = 0; late < 100; late += 1) heard.event(105_000 + late, 114_000);
  expect(heard.until(99_000)).toBe(100_099);
});

it('is never later than what was received', () => {
  const heard = with5sAhead();
  heard.event(3_705_000, 100_100);
  expect(heard.until(undefined)).toBe(100_100);
});

it('is the newest answer where no event says more', () => {
  const heard = with5sAhead();
  heard.event(105_000, 100_200);
  expect(heard.until(104_000)).toBe(104_000);
});

it('takes the first event for prompt while nothing is known of the clock', () => {
  let offset: number | undefined;
  const heard = new HeardUntil(() => offset);
  heard.linked();
  offset = 105_000 - 100_200;
  heard.event(105_000, 100_200);
  expect(heard.until(undefined)).toBe(100_200);
});
