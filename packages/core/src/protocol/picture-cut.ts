import { base64End } from './base64.ts';
import type { PictureMembers } from './dialect.ts';
import type { PictureSlot, Pictures } from './event.ts';
import {
  CLOSE_OBJECT,
  COLON,
  COMMA,
  hasEscape,
  isString,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  skipString,
  skipValue,
} from './json-scan.ts';
import { type Picture, pictureOf } from './picture.ts';

/** A message taken apart. */
export interface PictureCut {
  /** The message with `""` in the place of each picture; a copy, made when it is asked for. */
  readonly rest: Buffer;
  /** The length of `rest`, in bytes. */
  readonly restBytes: number;
  /** Slices of the message; copies of those that are a small part of the memory it is in. */
  readonly pictures: Pictures;
}

interface Cut {
  readonly slot: PictureSlot;
  /** Of what stands between the quotes. */
  readonly start: number;
  readonly end: number;
}

/** The memory that a picture may hold, in times of its own. */
const MAX_HELD = 4;

/** Members of one object that are stepped over; objects of more are for the ordinary road. */
const MAX_MEMBERS = 10_000;

/** No position: the message is for the ordinary road. */
const UNUSUAL = -1;

/** The first letter of `null`. */
const NULL = 0x6e;

/**
 * Takes the pictures out of a message without reading it.
 *
 * `rest` is valid JSON exactly when `message` is, and says the same but for the pictures:
 * only what is clean base64 between two quotes is cut, so nothing in it can escape, end or
 * break the string; and where the message is valid, the scan sees the tokens that a parser sees.
 *
 * @returns undefined when anything is unusual where it matters: an escape in a name, a name
 *   repeated, a picture that is not clean base64, JSON that breaks off.
 */
export function cutPictures(message: Buffer, members: PictureMembers): PictureCut | undefined {
  const cuts: Cut[] = [];
  const open = skipSpace(message, 0);
  if (message[open] !== OPEN_OBJECT) return undefined;
  if (cutObject(message, open, members, cuts) === UNUSUAL) return undefined;

  const pieces: Buffer[] = [];
  const pictures: { [Slot in PictureSlot]?: Picture } = {};
  let from = 0;
  for (const { slot, start, end } of cuts) {
    pieces.push(message.subarray(from, start));
    pictures[slot] = pictureOf(kept(message.subarray(start, end)));
    from = end;
  }
  pieces.push(message.subarray(from));
  return {
    get rest() {
      return Buffer.concat(pieces);
    },
    restBytes: pieces.reduce((sum, { length }) => sum + length, 0),
    pictures,
  };
}

/**
 * A slice holds all the memory that its message is in, for as long as the picture is kept, and only
 * the picture's own bytes are counted: so it may hold at most four times as much.
 */
const kept = (slice: Buffer): Buffer =>
  slice.length * MAX_HELD < slice.buffer.byteLength ? Buffer.from(slice) : slice;

/** @returns where the object that opens at `open` ends. */
function cutObject(message: Buffer, open: number, members: PictureMembers, cuts: Cut[]): number {
  const wanted = Object.entries(members);
  const seen = new Set<string>();
  let at = open;
  let count = 0;
  do {
    count += 1;
    if (count > MAX_MEMBERS) return UNUSUAL;
    const name = skipSpace(message, at + 1);
    if (message[name] === CLOSE_OBJECT) return name + 1;
    if (message[name] !== QUOTE) return UNUSUAL;
    const nameEnd = skipString(message, name);
    if (hasEscape(message, name, nameEnd)) return UNUSUAL;
    const colon = skipSpace(message, nameEnd);
    if (message[colon] !== COLON) return UNUSUAL;
    const value = skipSpace(message, colon + 1);

    const found = wanted.find(([wantedName]) => isString(message, name, nameEnd, wantedName));
    if (found === undefined) {
      at = skipValue(message, value);
    } else {
      if (seen.has(found[0])) return UNUSUAL;
      seen.add(found[0]);
      const end = cutMember(message, value, found[1], cuts);
      if (end === UNUSUAL) return UNUSUAL;
      at = skipSpace(message, end);
    }
  } while (message[at] === COMMA);
  return message[at] === CLOSE_OBJECT ? at + 1 : UNUSUAL;
}

/** @returns where the value at `at` ends, or the space after it. */
function cutMember(
  message: Buffer,
  at: number,
  member: PictureSlot | PictureMembers,
  cuts: Cut[],
): number {
  if (typeof member === 'object') {
    return message[at] === OPEN_OBJECT ? cutObject(message, at, member, cuts) : UNUSUAL;
  }
  if (message[at] !== QUOTE) return message[at] === NULL ? skipValue(message, at) : UNUSUAL;
  const start = at + 1;
  const end = base64End(message, start);
  if (message[end] !== QUOTE || (end - start) % 4 !== 0) return UNUSUAL;
  if (end > start) cuts.push({ slot: member, start, end });
  return end + 1;
}
