import {
  PictureAddresses,
  type PictureAddressesOptions,
} from '../../src/images/picture-addresses.ts';

/** Of a store: relative, good for ten minutes, and for every class. */
export const addressesOf = (
  store: PictureAddressesOptions['store'],
  options: Partial<PictureAddressesOptions> = {},
): PictureAddresses =>
  new PictureAddresses({
    store,
    classes: { generationOf: () => 0 },
    lifeMs: 600_000,
    now: Date.now,
    ...options,
  });
