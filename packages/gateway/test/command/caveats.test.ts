import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { caveatsOf } from '../../src/command/caveats.ts';
import type { ErasureTarget } from '../../src/privacy/erasure-target.ts';

const person: ErasureTarget = { kind: 'identity', identityId: 'person-7f3a' };
const before: ErasureTarget = { kind: 'before', time: 1 };
const THERE = tmpdir();

const caveats = (
  target: ErasureTarget,
  journal: string,
  images: string,
  options: { capture?: 'always' | 'never'; inClear?: readonly ('journal' | 'images')[] } = {},
) => {
  const { capture = 'always', inClear = [] } = options;
  const limits = { keepMs: 1, maxBytes: 1 };
  const config = {
    journal: { path: journal, sync: 'normal', ...limits },
    images: { path: images, capture, ...limits },
    privacy: { keys: 'keys.db' },
  } as const;
  return caveatsOf(config, target, { inClear });
};

it('an erasure says which of its places was not there', async () => {
  expect(await caveats(before, '/nowhere/journal.db', THERE)).toEqual([
    'There is no journal /nowhere/journal.db: no file was searched for events.',
  ]);
  expect(await caveats(person, THERE, '/nowhere/images')).toEqual([
    'There is no pictures’ folder /nowhere/images: no picture was searched for.',
  ]);
});

it('nothing is said of pictures that were not to be kept, nor of what is in memory', async () => {
  expect(await caveats(person, THERE, '/nowhere/images', { capture: 'never' })).toEqual([]);
  expect(await caveats(before, 'memory', THERE)).toEqual([]);
  expect(await caveats(before, THERE, 'memory')).toEqual([]);
});

it('an erasure says what an older version has left in clear', async () => {
  const inClear = ['journal', 'images'] as const;
  expect(await caveats(person, THERE, THERE, { inClear })).toEqual([
    expect.stringMatching(/^Not covered: the gateway is still sealing/),
    expect.stringMatching(/^Not covered: copies of pictures/),
  ]);
  expect(await caveats(person, 'memory', THERE, { inClear: ['images'] })).toEqual([
    expect.stringMatching(/^The journal is in memory/),
    expect.stringMatching(/^Not covered: copies of pictures/),
  ]);
});
