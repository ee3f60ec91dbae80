import { expect, test } from 'vitest';
import { readArguments } from '../src/arguments.ts';
import { FIGURES } from '../src/figures/index.ts';

const named = (args: readonly string[]) => readArguments(args).figures.map(({ name }) => name);

test('measures every figure unless some are named', () => {
  expect(named(['--quick'])).toEqual(FIGURES.map(({ name }) => name));
  expect(named(['--only', 'memory', '--only', 'fan-out'])).toEqual(['fan-out', 'memory']);
});

test('refuses unknown figures and options', () => {
  expect(() => named(['--only', 'speed'])).toThrow(/found --only speed; figures are fan-out, /);
  expect(() => named(['--fast'])).toThrow(TypeError);
});
