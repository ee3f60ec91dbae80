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

/** Of so many at once: to draw random bytes costs more than all else of a nonce. */
const DRAWN_NONCES = 1_024;
let nonces = Buffer.alloc(0);
let nextNonce = 0;

/**
 * Seals the bytes (AES-256-GCM): nonce, what they have become, tag; 28 bytes longer than they
 * were. Nonces are random: one key seals up to 2^32 of them, which is more than a day brings.
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

/** What was sealed. @throws when it is not what `seal` has made with this key. */
export function open(key: KeyObject, sealed: Uint8Array): Buffer {
  const end = sealed.length - TAG_BYTES;
  if (end < NONCE_BYTES) throw new RangeError(`${sealed.length} bytes can’t be sealed content`);
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealed.subarray(end));
  const bytes = decipher.update(sealed.subarray(NONCE_BYTES, end));
  decipher.final();
  return bytes;
}

/** The same; undefined when it is not what `seal` has made with this key. */
export function opened(key: KeyObject, sealed: Uint8Array): Buffer | undefined {
  try {
    return open(key, sealed);
  } catch {
    return undefined;
  }
}

/** A key of 256 bits for one purpose, from the keys that have to be there together. */
export function deriveKey(purpose: string, ...keys: readonly Buffer[]): KeyObject {
  return createSecretKey(derive(purpose, keys));
}

/** The same as text, for keyed hashes. */
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
