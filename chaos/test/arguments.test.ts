import { expect, it } from 'vitest';
import { readArguments } from '../src/arguments.ts';

it('takes how long and which seed, and draws a seed where none is given', () => {
  const args = ['--seconds', '600', '--seed', '7'];
  expect(readArguments(args)).toEqual({
    seconds: 600,
    seed: 7,
    hostile: false,
    only: undefined,
    help: false,
  });
  expect(readArguments([])).toMatchObject({ seconds: 60, seed: expect.any(Number) });
});

it('takes the attacks that there shall be alone', () => {
  const args = ['--hostile', '--only', 'event-flood,pongs-unread'];
  expect(readArguments(args)).toMatchObject({
    hostile: true,
    only: ['event-flood', 'pongs-unread'],
  });
  expect(() => readArguments(['--hostile', '--only', 'flood'])).toThrow(
    /found --only flood; expected some of .*event-flood/,
  );
});

it.each([
  ['--seconds', '0'],
  ['--seconds', '1.5'],
  ['--seed', '-1'],
])('refuses %s %s', (...args) => {
  expect(() => readArguments([`${args[0]}=${args[1]}`])).toThrow(/expected a whole number/);
});
