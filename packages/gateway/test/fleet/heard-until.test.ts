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

const withoutClock = () => {
  const heard = new HeardUntil(() => undefined);
  heard.linked();
  return heard;
};

it('takes the promptest event so far for prompt while nothing is known of the clock', () => {
  const heard = withoutClock();
  heard.event(105_000, 100_000);
  expect(heard.until(undefined)).toBe(100_000);
  // The first came 4 s late.
  heard.event(110_000, 101_000);
  expect(heard.until(undefined)).toBe(101_000);
  heard.event(109_500, 130_000);
  expect(heard.until(undefined)).toBe(101_000);
});

it('is set back when an event shows how late those before came', () => {
  const heard = withoutClock();
  heard.event(105_000, 100_000);
  heard.event(104_900, 90_000);
  expect(heard.until(undefined)).toBe(90_100);
});

it('has learned the clock after some events: a flood of late ones claims no more', () => {
  const heard = withoutClock();
  for (let at = 0; at < 31; at += 1) heard.event(105_000 + at, 100_000 + at);
  heard.event(9_000_000, 100_100);
  for (let late = 0; late < 100; late += 1) heard.event(106_000 + late, 114_000);
  expect(heard.until(undefined)).toBe(101_099);
});
