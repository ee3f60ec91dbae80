import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKeySecret } from '../../src/images/image-keys.ts';
import type { ImageKey } from '../../src/images/image-store.ts';
import { createMemoryImageStore } from '../../src/images/memory-image-store.ts';
import {
  PICTURES_PATH,
  type PictureAddresses,
  type PictureAddressesOptions,
} from '../../src/images/picture-addresses.ts';
import { imagesFolder, openImagesAt, originOf } from '../support/image-stores.ts';
import { addressesOf } from '../support/picture-addresses.ts';

const MIN_MS = 60_000;
const BEGIN_MS = 1_700_000_000_000;
const KEY = 'k'.repeat(43) as ImageKey;
const CLASS = 'guards__________';
const OTHER_CLASS = 'screens_________';
const STORE = { secret: newKeySecret() };

const madeBy = (addresses: PictureAddresses, classKey = CLASS, key = KEY): string =>
  addresses.of(key, classKey, addresses.expiry);

const pathOf = (address: string): string => address.slice(PICTURES_PATH.length);

/** Addresses that are good for 10 to 15 minutes from the beginning, by a clock that is set. */
function clocked(options: Partial<PictureAddressesOptions> = {}) {
  const clock = { now: BEGIN_MS };
  return { clock, addresses: addressesOf(STORE, { now: () => clock.now, ...options }) };
}

describe('the address of a picture', () => {
  it('opens to the picture, with the time for which it is still good', () => {
    const { addresses, clock } = clocked();
    const path = pathOf(madeBy(addresses));
    const { expiry } = addresses;
    clock.now += MIN_MS;
    expect(addresses.open(path)).toEqual({
      kind: 'good',
      classKey: expect.any(String),
      key: KEY,
      leftMs: expiry * 1_000 - clock.now,
    });
  });

  it('is relative, or below the public URL', () => {
    expect(madeBy(clocked().addresses)).toMatch(/^\/images\/[\w.-]+$/);
    const { addresses } = clocked({ publicUrl: 'https://faces.example.com/gate' });
    expect(madeBy(addresses)).toMatch(/^https:\/\/faces\.example\.com\/gate\/images\/[\w.-]+$/);
  });

  it('is good for its life at least and half as long again at most, whenever it is made', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 2_000, max: 30 * 86_400_000 }),
        (now, lifeMs) => {
          const addresses = addressesOf(STORE, { now: () => now, lifeMs });
          const goodMs = addresses.expiry * 1_000 - now;
          expect(goodMs).toBeGreaterThanOrEqual(lifeMs);
          // Steps are whole seconds.
          expect(goodMs).toBeLessThanOrEqual(1.5 * lifeMs + 1_000);
          expect(addresses.open(pathOf(madeBy(addresses)))).toEqual({
            kind: 'good',
            classKey: expect.any(String),
            key: KEY,
            leftMs: goodMs,
          });
        },
      ),
    );
  });

  it('is the same for all of a class within half its life', () => {
    const { addresses, clock } = clocked();
    const made = Array.from({ length: 15 }, () => {
      clock.now += MIN_MS;
      return madeBy(addresses);
    });
    expect(new Set(made).size).toBeLessThanOrEqual(4);
    expect(madeBy(addresses)).toBe(made.at(-1));
  });

  it('differs by picture, by class and by store', () => {
    const { addresses } = clocked();
    const other = addressesOf({ secret: newKeySecret() }, { now: () => BEGIN_MS });
    const all = [
      madeBy(addresses),
      madeBy(addresses, OTHER_CLASS),
      madeBy(addresses, CLASS, 'l'.repeat(43) as ImageKey),
      madeBy(other),
    ];
    expect(new Set(all).size).toBe(4);
  });

  it('has expired from its expiry on', () => {
    const { addresses, clock } = clocked();
    const path = pathOf(madeBy(addresses));
    clock.now = addresses.expiry * 1_000 - 1;
    expect(addresses.open(path)).toMatchObject({ kind: 'good', leftMs: 1 });
    clock.now += 1;
    expect(addresses.open(path)).toEqual({ kind: 'expired' });
  });

  it('is revoked with a credential of its class, and no other is', () => {
    const generations = new Map([CLASS, OTHER_CLASS].map((key) => [key, 0]));
    const classes = { generationOf: (key: string) => generations.get(key) };
    const { addresses } = clocked({ classes });
    const [path, other] = [madeBy(addresses), madeBy(addresses, OTHER_CLASS)].map(pathOf);
    generations.set(CLASS, 1);
    expect(addresses.open(path ?? '')).toEqual({ kind: 'revoked' });
    expect(addresses.open(other ?? '').kind).toBe('good');
    expect(addresses.open(pathOf(madeBy(addresses))).kind).toBe('good');
  });

  it('is revoked when no role gives its class any more', () => {
    const classes = new Set([CLASS]);
    const { addresses } = clocked({
      classes: { generationOf: (key) => (classes.has(key) ? 0 : undefined) },
    });
    const path = pathOf(madeBy(addresses));
    classes.clear();
    expect(addresses.open(path)).toEqual({ kind: 'revoked' });
  });
});

describe('an address that the gateway has not made', () => {
  const { addresses } = clocked();
  const path = pathOf(madeBy(addresses));

  it('is unknown, never expired or revoked', () => {
    const { addresses: late, clock } = clocked({ classes: { generationOf: () => undefined } });
    clock.now += 86_400_000;
    const forged = `${path.slice(0, -22)}${'A'.repeat(22)}`;
    expect(late.open(path)).toEqual({ kind: 'expired' });
    expect(late.open(forged)).toEqual({ kind: 'unknown' });
  });

  it('is unknown when its picture, class, generation or expiry was changed', () => {
    const [key, , generation, expiry, mac] = path.split('.');
    for (const forged of [
      [key, OTHER_CLASS, generation, expiry, mac],
      [key, CLASS, generation, Number(expiry) + 300, mac],
      [key, CLASS, 1, expiry, mac],
      ['l'.repeat(43), CLASS, generation, expiry, mac],
    ]) {
      expect(addresses.open(forged.join('.'))).toEqual({ kind: 'unknown' });
    }
  });

  it('is unknown when another store has signed it', () => {
    const other = addressesOf({ secret: newKeySecret() }, { now: () => BEGIN_MS });
    expect(addresses.open(pathOf(madeBy(other)))).toEqual({ kind: 'unknown' });
  });

  it('is unknown when a part of it is missing', () => {
    for (let length = 0; length < path.length; length += 1) {
      expect(addresses.open(path.slice(0, length))).toEqual({ kind: 'unknown' });
      expect(addresses.open(path.slice(length + 1))).toEqual({ kind: 'unknown' });
    }
  });

  it('is unknown when any characters were changed, added or taken away', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: path.length }),
        fc.nat({ max: 2 }),
        fc.oneof(fc.constantFrom(...'AZaz09-_.=%/'), fc.string({ unit: 'binary', maxLength: 3 })),
        (at, taken, put) => {
          const changed = path.slice(0, at) + put + path.slice(at + taken);
          fc.pre(changed !== path);
          expect(addresses.open(changed)).toEqual({ kind: 'unknown' });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is unknown when it is any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(addresses.open(text)).toEqual({ kind: 'unknown' });
      }),
    );
  });
});

describe('after a restart', () => {
  const face = {
    base64: Buffer.from('/9j/6QAEAAD/2xxD'),
    byteLength: 12,
    contentType: 'image/jpeg',
  };

  it('an address of a picture in a folder is good', async () => {
    await using folder = await imagesFolder();
    let path: string;
    {
      await using images = await openImagesAt(folder.path);
      const key = images.keyOf('event', 'face');
      images.put(key, face, originOf());
      path = pathOf(madeBy(addressesOf(images), CLASS, key));
    }
    await using images = await openImagesAt(folder.path);
    expect(addressesOf(images).open(path)).toMatchObject({
      kind: 'good',
      classKey: expect.any(String),
      key: images.keyOf('event', 'face'),
    });
  });

  it('an address of a picture in memory is none', async () => {
    const limits = { capture: 'on-demand', keepMs: 1_000, maxBytes: 1_000 } as const;
    await using before = createMemoryImageStore(limits);
    await using images = createMemoryImageStore(limits);
    const path = pathOf(madeBy(addressesOf(before)));
    expect(addressesOf(images).open(path)).toEqual({ kind: 'unknown' });
  });

  it('a folder that opens late signs with its own secret from then on', () => {
    const store = { secret: newKeySecret() };
    const addresses = addressesOf(store);
    const before = pathOf(madeBy(addresses));
    store.secret = newKeySecret();
    expect(addresses.open(before)).toEqual({ kind: 'unknown' });
    expect(addresses.open(pathOf(madeBy(addresses))).kind).toBe('good');
  });
});
