import { hash, randomBytes } from 'node:crypto';
import type { ImageKey } from './image-store.ts';

/** 256 bits that only the gateway knows, as text. */
export type KeySecret = string;

export const newKeySecret = (): KeySecret => randomBytes(32).toString('base64url');

/**
 * By event and slot, not by content: three pictures of 60 KB take about 50 µs to hash even by
 * the fastest code there is, and a name of a few bytes 2 µs. SHA-512/256 can't be extended, so
 * that a secret in front makes it a keyed hash.
 */
export const imageKeyOf = (secret: KeySecret, eventId: string, slot: string): ImageKey =>
  hash('sha512-256', `${secret} ${slot} ${eventId}`, 'base64url') as ImageKey;

const FORM = /^[A-Za-z0-9_-]{43}$/;

/** Whether the text may be a key at all. */
export const isKeyLike = (text: string): boolean => FORM.test(text);
