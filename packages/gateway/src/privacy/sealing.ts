import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** Nonces drawn at once, because each call for random bytes is expensive. */
const DRAWN_NONCES = 1_024;
let nonces = Buffer.alloc(0);
let nextNonce = 0;

/**
 * Seals the bytes with AES-256-GCM. The result is nonce, ciphertext and tag, 28 bytes longer than
 * the input. Nonces are random, so one key may seal 2^32 items; a day has fewer.
 */
export function seal(key: KeyObject, bytes: Uint8Array | string): Buffer {
  const nonce = takeNonce();
  const cipher = createCipheriv(CIPHER, key, nonce);
  const content = typeof bytes === 'string' ? cipher.update(bytes, 'utf8') : cipher.update(bytes);
  cipher.final();
  const sealed = Buffer.allocUnsafe(NONCE_BYTES + content.length + TAG_BYTES);
  sealed.set(nonce);
  sealed.set(content, NONCE_BYTES);
  sealed.set(cipher.getAuthTag(), NONCE_BYTES + content.length);
  return sealed;
}

/** Opens sealed bytes. @throws when `seal` did not make them with this key. */
export function open(key: KeyObject, sealed: Uint8Array): Buffer {
  const end = sealed.length - TAG_BYTES;
  if (end < NONCE_BYTES) throw new RangeError(`${sealed.length} bytes can’t be sealed content`);
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealed.subarray(end));
  const bytes = decipher.update(sealed.subarray(NONCE_BYTES, end));
  decipher.final();
  return bytes;
}

/** Opens sealed bytes; undefined when `seal` did not make them with this key. */
export function opened(key: KeyObject, sealed: Uint8Array): Buffer | undefined {
  try {
    return open(key, sealed);
  } catch {
    return undefined;
  }
}

/** Derives a key of 256 bits for one purpose. It takes all of the given keys. */
export function deriveKey(purpose: string, ...keys: readonly Buffer[]): KeyObject {
  return createSecretKey(derive(purpose, keys));
}

/** Derives a secret for keyed hashes: the same as text. */
export function deriveSecret(purpose: string, ...keys: readonly Buffer[]): string {
  return derive(purpose, keys).toString('base64url');
}

const derive = (purpose: string, keys: readonly Buffer[]): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.concat(keys), '', `se5 ${purpose} 1`, 32));

function takeNonce(): Buffer {
  if (nextNonce === nonces.length) {
    nonces = randomBytes(DRAWN_NONCES * NONCE_BYTES);
    nextNonce = 0;
  }
  const nonce = nonces.subarray(nextNonce, nextNonce + NONCE_BYTES);
  nextNonce += NONCE_BYTES;
  return nonce;
}
