import { type Picture, pictureOf } from '@se5/core';
import { describe, expect, it } from 'vitest';
import { WriteQueue } from '../../src/images/disk/write-queue.ts';
import type { ImageKey } from '../../src/images/image-store.ts';
import { originOf } from '../support/image-stores.ts';

const face = (bytes = 100): Picture => pictureOf(Buffer.alloc(bytes, 'A'));

const keysOf = (name: string, count: number): ImageKey[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index}` as ImageKey);

/** Puts one picture under each key. Returns the keys that do not wait any more. */
const addAll = (queue: WriteQueue, owner: string, keys: readonly ImageKey[]): string[] =>
  keys.flatMap((key) => [...queue.add(key, face(), originOf({ owner }))]);

const waiting = (queue: WriteQueue, keys: readonly ImageKey[]) =>
  keys.filter((key) => queue.get(key));

describe('pictures that wait for a full queue', () => {
  it('go from the box that floods it, its oldest first, and each is told of once', () => {
    const queue = new WriteQueue(2_000);
    const [early, late] = [keysOf('early', 2), keysOf('late', 3)];
    const flood = keysOf('flood', 100);
    const lost = [
      ...addAll(queue, 'quiet', early),
      ...addAll(queue, 'flood', flood),
      ...addAll(queue, 'quiet', late),
    ];
    expect(waiting(queue, [...early, ...late])).toEqual([...early, ...late]);
    expect(waiting(queue, flood)).toEqual(flood.slice(-15));
    expect(lost).toEqual(flood.slice(0, -15));
  });

  it('go by the shares of the boxes', () => {
    const queue = new WriteQueue(2_000, new Map([['large', 3]]));
    const [large, small] = [keysOf('large', 50), keysOf('small', 50)];
    for (const [index, key] of large.entries()) {
      addAll(queue, 'large', [key]);
      addAll(queue, 'small', small.slice(index, index + 1));
    }
    expect(waiting(queue, large)).toHaveLength(15);
    expect(waiting(queue, small)).toHaveLength(5);
  });

  it('stay while they are being written', () => {
    const queue = new WriteQueue(2_000);
    const written = keysOf('written', 15);
    addAll(queue, 'flood', written);
    const { entries } = queue.batch();
    const lost = addAll(queue, 'flood', keysOf('flood', 20));
    expect(lost).toEqual(keysOf('flood', 15));
    expect(waiting(queue, written)).toEqual(written);
    queue.done(entries);
    expect(queue.size).toBe(5);
    expect(addAll(queue, 'flood', keysOf('more', 15))).toEqual([]);
  });

  it('are not taken when they are larger than the queue', () => {
    const queue = new WriteQueue(2_000);
    const [key] = keysOf('large', 1);
    addAll(queue, 'quiet', keysOf('quiet', 5));
    expect(key && queue.add(key, face(2_001), originOf({ owner: 'quiet' }))).toEqual([key]);
    expect(queue.size).toBe(5);
  });
});
