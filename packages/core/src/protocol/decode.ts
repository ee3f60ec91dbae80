import { inUtf8 } from './charset.ts';
import type { Dialect, PictureMembers } from './dialect.ts';
import { BoxError } from './errors.ts';
import type { BoxEvent, PictureSlot, Pictures, SpoiltPicture } from './event.ts';
import { isObject, type JsonValue, kindOf } from './json.ts';
import { holdsMoreValues } from './json-size.ts';
import { pictureFromBase64, UNKNOWN_TYPE } from './picture.ts';
import { cutPictures } from './picture-cut.ts';
import { boundText, MAX_TEXT_BYTES, textBytes } from './text-bounds.ts';

/**
 * A decoded message, with its pictures that could not be read. The error is MALFORMED_MESSAGE or
 * INVALID_EVENT; its detail has `messageBytes`, and `offset` or `field` where they are known.
 */
export type Decoded =
  | { readonly ok: true; readonly event: BoxEvent; readonly spoilt?: readonly SpoiltPicture[] }
  | { readonly ok: false; readonly error: BoxError };

/**
 * What an event may have beside its pictures, in bytes, so that reading it takes some ms at most:
 * 16 times `MAX_TEXT_BYTES`.
 */
export const MAX_REST_BYTES = 1024 * 1024;

/** What an event may have whose pictures can't be told from the rest before it is read, in bytes. */
const MAX_UNCUT_BYTES = 16 * 1024 * 1024;

/** What an event may hold, in members of objects and items of arrays. Boxes are known to send some 50. */
export const MAX_EVENT_VALUES = 10_000;

const NOTHING: readonly SpoiltPicture[] = [];

const SLOTS = ['face', 'scene', 'registered'] as const satisfies readonly PictureSlot[];

/**
 * Reads one message of a box's event connection, text or binary, as bytes.
 *
 * The pictures of the event are slices of `message` where they can be, so `message` must not be
 * written to afterwards, and lives as long as they do. A picture that can't be read is left
 * out; the event is not lost for it. Nor is it for its charset: see `inUtf8`.
 */
export function decode(message: Buffer, dialect: Dialect): Decoded {
  const fast = decodeFast(message, dialect);
  if (fast) return fast;
  // What is too long to be read is not worth a look at its charset.
  const text = message.length > MAX_UNCUT_BYTES ? message : inUtf8(message);
  const again = text === message ? undefined : decodeFast(text, dialect);
  return again ?? decodeOrdinary(text, dialect);
}

/**
 * The fast road: the pictures, 90 to 99 % of a message, are found in its bytes and never
 * parsed. @returns undefined for anything unusual, which is the ordinary road's.
 */
export function decodeFast(message: Buffer, dialect: Dialect): Decoded | undefined {
  const cut = cutPictures(message, dialect.pictureMembers);
  if (cut === undefined) return undefined;
  const { pictures, restBytes } = cut;
  const decoded = attempt(message, () => {
    assertLength(restBytes, MAX_REST_BYTES);
    return toEvent(readEvent(cut.rest, dialect), pictures, restBytes, dialect);
  });
  // The offset would be that in the rest.
  const malformed = !decoded.ok && decoded.error.code === 'MALFORMED_MESSAGE';
  return malformed ? undefined : decoded;
}

/** The ordinary road: all is parsed. It says what the fast road must say too, if it says anything. */
export function decodeOrdinary(message: Buffer, dialect: Dialect): Decoded {
  const broken: SpoiltPicture[] = [];
  const read = () => {
    assertLength(message.length, MAX_UNCUT_BYTES);
    const wire = readEvent(message, dialect);
    const sent = [...picturesIn(wire, dialect.pictureMembers)];
    const pictures = sent.flatMap(([slot, value]) => {
      const picture = typeof value === 'string' ? pictureFromBase64(value) : undefined;
      if (!picture && value !== '') {
        const bytes = typeof value === 'string' ? value.length : measured(value, 0);
        broken.push({ slot, reason: 'base64', bytes });
      }
      return picture ? [[slot, picture] as const] : [];
    });
    const texts = sent.flatMap(([, value]) => (typeof value === 'string' ? [value] : []));
    const bytes = textBytesOf(message, wire, dialect.pictureMembers, texts);
    return toEvent(wire, Object.fromEntries(pictures), bytes, dialect);
  };
  return attempt(message, read, broken);
}

/** @throws {BoxError} INVALID_EVENT */
function assertLength(bytes: number, allowed: number): void {
  if (bytes <= allowed) return;
  throw new BoxError(
    'INVALID_EVENT',
    `Found ${bytes} bytes, expected an event with at most ${allowed} beside its pictures`,
  );
}

/** @throws {BoxError} MALFORMED_MESSAGE; INVALID_EVENT beyond `MAX_EVENT_VALUES`. */
function readEvent(bytes: Buffer, dialect: Dialect): JsonValue {
  if (!holdsMoreValues(bytes, MAX_EVENT_VALUES)) return dialect.readJson(bytes);
  throw new BoxError(
    'INVALID_EVENT',
    `Found more than ${MAX_EVENT_VALUES} values in one message, expected at most that many`,
  );
}

function attempt(message: Buffer, read: () => BoxEvent, broken = NOTHING): Decoded {
  try {
    const event = read();
    const spoilt = ofNoFormat(event.pictures).concat(broken);
    return spoilt.length === 0 ? { ok: true, event } : { ok: true, event, spoilt };
  } catch (error) {
    if (!(error instanceof BoxError)) throw error;
    const detail = { ...error.detail, messageBytes: message.length };
    return { ok: false, error: new BoxError(error.code, error.message, detail) };
  }
}

function ofNoFormat(pictures: Pictures): SpoiltPicture[] {
  const found: SpoiltPicture[] = [];
  for (const slot of SLOTS) {
    const picture = pictures[slot];
    if (picture?.contentType !== UNKNOWN_TYPE) continue;
    found.push({ slot, reason: 'format', bytes: picture.byteLength });
  }
  return found;
}

/** @param bytes of all that is no picture. */
function toEvent(wire: JsonValue, pictures: Pictures, bytes: number, dialect: Dialect): BoxEvent {
  if (!isObject(wire)) {
    throw new BoxError('INVALID_EVENT', `Found ${kindOf(wire)}, expected an event (an object)`);
  }
  const bounded = boundText(wire, bytes, dialect.eventMembers);
  return dialect.readEvent(bounded, pictures);
}

/** Of all that is no picture, in bytes. */
function textBytesOf(
  message: Buffer,
  wire: JsonValue,
  members: PictureMembers,
  pictures: readonly string[],
): number {
  const atMost = pictures.reduce((rest, text) => rest - text.length, message.length);
  // A picture may have been written with escapes, which count as text there.
  return atMost <= MAX_TEXT_BYTES ? atMost : measured(withoutPictures(wire, members), atMost);
}

/** @param otherwise what is taken for the length of what nests too deep to be measured. */
function measured(wire: JsonValue, otherwise: number): number {
  try {
    return textBytes(wire);
  } catch (error) {
    if (error instanceof RangeError) return otherwise;
    throw error;
  }
}

function withoutPictures(wire: JsonValue, members: PictureMembers): JsonValue {
  if (!isObject(wire)) return wire;
  const rest: Record<string, JsonValue> = { ...wire };
  for (const [name, member] of Object.entries(members)) {
    const value = wire[name];
    if (typeof member === 'object') {
      if (value !== undefined) rest[name] = withoutPictures(value, member);
    } else if (typeof value === 'string') {
      rest[name] = '';
    }
  }
  return rest;
}

/** What stands where pictures should be; `null` says that there is none. */
function* picturesIn(
  wire: JsonValue | undefined,
  members: PictureMembers,
): Generator<[PictureSlot, JsonValue]> {
  if (!isObject(wire)) return;
  for (const [name, member] of Object.entries(members)) {
    const value = wire[name];
    if (typeof member === 'object') {
      yield* picturesIn(value, member);
    } else if (value !== undefined && value !== null) {
      yield [member, value];
    }
  }
}
