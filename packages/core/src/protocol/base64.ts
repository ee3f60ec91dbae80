import { certainBase64, KERNEL_BYTES } from './base64-kernel.ts';

const PADDING = 0x3d;

const IS_BASE64 = new Uint8Array(256);
for (const byte of Buffer.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
)) {
  IS_BASE64[byte] = 1;
}

/** Where the base64 that begins at `start` ends, its padding included; `start` when there is none. */
export function base64End(bytes: Uint8Array, start: number): number {
  let end = start;
  for (let certain = KERNEL_BYTES; certain === KERNEL_BYTES; end += certain) {
    certain = certainBase64(bytes.subarray(end, end + KERNEL_BYTES));
  }
  while (IS_BASE64[bytes[end] ?? PADDING]) end += 1;
  for (let most = end + 2; end < most && bytes[end] === PADDING; ) end += 1;
  return end;
}

/**
 * Base64 as RFC 4648 has it, in ASCII: the standard alphabet, padded, nothing else in between.
 *
 * What boxes and their firmware are known to vary is put right: a data-URI in front, white
 * space, the URL-safe alphabet, missing or superfluous padding.
 *
 * @returns undefined when it is empty, or not base64 even so.
 */
export function cleanBase64(text: string): Buffer | undefined {
  const asSent = Buffer.from(text);
  const bytes = isClean(asSent) ? asSent : Buffer.from(repair(text));
  return isClean(bytes) ? bytes : undefined;
}

/** Size of what clean base64 decodes to, in bytes. */
export function decodedLength(base64: Uint8Array): number {
  const padding = Number(base64.at(-1) === PADDING) + Number(base64.at(-2) === PADDING);
  return (base64.length / 4) * 3 - padding;
}

const isClean = (bytes: Uint8Array): boolean =>
  bytes.length > 0 && bytes.length % 4 === 0 && base64End(bytes, 0) === bytes.length;

function repair(text: string): string {
  const standard = text
    .replace(/^\s*data:[^,]*;base64,/i, '')
    .replaceAll(/\s+/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  let end = standard.length;
  while (standard[end - 1] === '=') end -= 1;
  return standard.slice(0, end).padEnd(Math.ceil(end / 4) * 4, '=');
}
