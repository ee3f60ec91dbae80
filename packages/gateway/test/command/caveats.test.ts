import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { caveatsOf } from '../../src/command/caveats.ts';
import type { ErasureTarget } from '../../src/journal/erasure.ts';

const person: ErasureTarget = { kind: 'identity', identityId: 'person-7f3a' };
const before: ErasureTarget = { kind: 'before', time: 1 };
const THERE = tmpdir();

const caveats = (
  target: ErasureTarget,
  journal: string,
  images: string,
  capture: 'always' | 'never' = 'always',
) => {
  const limits = { keepMs: 1, maxBytes: 1 };
  const config = {
    journal: { path: journal, sync: 'normal', ...limits },
    images: { path: images, capture, ...limits },
  } as const;
  return caveatsOf(config, target);
};

it('an erasure says which of its places was not there', () => {
  expect(caveats(before, '/nowhere/journal.db', THERE)).toEqual([
    'There is no journal /nowhere/journal.db: no file was searched for events.',
  ]);
  expect(caveats(person, THERE, '/nowhere/images')).toEqual([
    'There is no pictures’ folder /nowhere/images: no picture was searched for.',
  ]);
});

it('nothing is said of pictures that were not to be kept, nor of what is in memory', () => {
  expect(caveats(person, THERE, '/nowhere/images', 'never')).toEqual([]);
  expect(caveats(before, 'memory', THERE)).toEqual([]);
  expect(caveats(before, THERE, 'memory')).toEqual([]);
});

it('without a journal it is said that not all pictures of a person can be known', () => {
  expect(caveats(person, 'memory', THERE)).toEqual([
    expect.stringMatching(/^The journal is in memory: pictures of events that it no longer has/),
  ]);
});
