import { hash } from 'node:crypto';
import type { PersonTag } from '../../privacy/key-file.ts';
import type { Keyring, SealedBy, Subject } from '../../privacy/keyring.ts';
import { seal } from '../../privacy/sealing.ts';

/** By what a sealed picture is found when it is to go; kept in the index, in clear. */
export interface PictureSeal extends SealedBy {
  /** Stands for a stranger whom a box has numbered; empty for all others. */
  readonly stranger: PersonTag;
  /** Equal for pictures of a day that show the same; nobody can make it without the day's key. */
  readonly content: string;
}

export interface SealablePicture {
  /** Equal for what is kept once: the same picture, of a day and a person. 256 bits, in hex. */
  readonly name: string;
  readonly seal: PictureSeal;
  /** What is to be in the file. */
  sealed(): Buffer;
}

/** @param keyring That was prepared for the subject. @throws {KeyFileError} */
export function sealable(bytes: Buffer, subject: Subject, keyring: Keyring): SealablePicture {
  const { key, day, person, daySecret } = keyring.sealingKey(subject);
  const stranger = person === '' ? keyring.strangerTagOf(subject.identityId) : '';
  const shown = contentHashOf(bytes);
  return {
    name: secretHash(daySecret, 'name', `${person} ${stranger} ${shown}`, 'hex'),
    seal: { day, person, stranger, content: secretHash(daySecret, 'content', shown, 'base64url') },
    sealed: () => seal(key, bytes),
  };
}

/** The name of a picture in clear, too. */
export const contentHashOf = (bytes: Buffer): string => hash('sha256', bytes, 'hex');

/** SHA-512/256 can't be extended, so that a secret in front makes it a keyed hash. */
const secretHash = (
  secret: string,
  purpose: string,
  text: string,
  encoding: 'hex' | 'base64url',
): string => hash('sha512-256', `${secret} picture ${purpose} ${text}`, encoding);
