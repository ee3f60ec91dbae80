import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { BoxEvent, Picture } from '@se5/core';
import type { BoxId } from '../config/ids.ts';
import type { EventId } from '../journal/recognition.ts';

/** 128 bits. */
const ID_BYTES = 16;

declare const fingerprint: unique symbol;
/** Tells one face picture from another without keeping either. */
export type FaceFingerprint = string & { readonly [fingerprint]: true };

/**
 * By length and CRC-32: it only has to tell pictures apart that came with otherwise equal
 * events, and no adversary gains anything by making them look the same.
 */
export const fingerprintOf = ({ base64 }: Picture): FaceFingerprint =>
  `${base64.length}:${crc32(base64)}` as FaceFingerprint;

type Numbered = Pick<BoxEvent, 'deviceId' | 'occurredAt' | 'identityId' | 'score' | 'eventId'>;

/**
 * The event's identity: box, device, millisecond, identity, score, and the box's own number
 * where it sends one; with `face`, also the picture, to tell an event from an earlier one that
 * is equal in all of these. Part of the public interface: clients keep these ids.
 */
export function eventIdOf(boxId: BoxId, event: Numbered, face?: FaceFingerprint): EventId {
  const { deviceId, occurredAt, identityId, score, eventId = null } = event;
  // JSON says where each member ends, so no two tuples are written alike.
  const text = JSON.stringify([boxId, deviceId, occurredAt, identityId, score, eventId, face]);
  return hash('sha256', text, 'buffer').toString('base64url', 0, ID_BYTES) as EventId;
}
