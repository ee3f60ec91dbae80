import { expect, it } from 'vitest';
import { readArguments } from '../src/arguments.ts';

it('takes how long and which seed, and draws a seed where none is given', () => {
  const args = ['--seconds', '600', '--seed', '7'];
  expect(readArguments(args)).toEqual({
    seconds: 600,
    seed: 7,
    subject: { kind: 'gateway' },
    help: false,
  });
  expect(readArguments([])).toMatchObject({ seconds: 60, seed: expect.any(Number) });
});

it('takes the attacks that there shall be alone', () => {
  const args = ['--hostile', '--only', 'event-flood,pongs-unread'];
  expect(readArguments(args).subject).toEqual({
    kind: 'hostile',
    only: ['event-flood', 'pongs-unread'],
  });
  expect(() => readArguments(['--hostile', '--only', 'flood'])).toThrow(
    /found --only flood; expected some of .*event-flood/,
  );
});

it('takes the faults of a cluster that there shall be alone', () => {
  const args = ['--cluster', '--only', 'stream deleted,gateway paused'];
  expect(readArguments(args).subject).toEqual({
    kind: 'cluster',
    only: ['stream deleted', 'gateway paused'],
  });
  expect(readArguments(['--cluster']).subject).toEqual({ kind: 'cluster', only: undefined });
  expect(() => readArguments(['--cluster', '--only', 'event-flood'])).toThrow(
    /found --only event-flood; expected some of .*stream deleted/,
  );
});

it.each([[['--hostile', '--cluster']], [['--only', 'event-flood']]])('refuses %s', (args) => {
  expect(() => readArguments(args)).toThrow(/^found .*; expected/);
});

it.each([
  ['--seconds', '0'],
  ['--seconds', '1.5'],
  ['--seed', '-1'],
])('refuses %s %s', (...args) => {
  expect(() => readArguments([`${args[0]}=${args[1]}`])).toThrow(/expected a whole number/);
});
