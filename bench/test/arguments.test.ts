import { expect, test } from 'vitest';
import { readArguments, usage } from '../src/arguments.ts';
import { FIGURES } from '../src/figures/index.ts';

const named = (args: readonly string[]) =>
  readArguments(args, FIGURES).figures.map(({ name }) => name);

test('everything is measured unless something is asked for', () => {
  expect(named([])).toEqual(FIGURES.map(({ name }) => name));
  expect(named(['--only', 'memory', '--only', 'fan-out'])).toEqual(['fan-out', 'memory']);
  expect(readArguments(['--quick'], FIGURES).quick).toBe(true);
});

test('what is unknown is refused, with what there is', () => {
  expect(() => named(['--only', 'speed'])).toThrow(/found --only speed; figures are fan-out, /);
  expect(() => named(['--fast'])).toThrow(TypeError);
});

test('the usage names every figure', () => {
  for (const { name, title } of FIGURES)
    expect(usage(FIGURES)).toMatch(`${name.padEnd(12)} ${title}`);
});
