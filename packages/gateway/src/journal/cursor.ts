import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  type Decipheriv,
  hash,
  randomBytes,
} from 'node:crypto';
import { crc32 } from 'node:zlib';
import { GatewayError } from '../errors.ts';
import type { Cursor, Position } from './journal.ts';

/**
 * One opening of one log: a position names a record within an epoch only, since a log that was
 * rolled back to a copy gives positions out anew. 64 random bits.
 */
export type Epoch = bigint;

export const newEpoch = (): Epoch => randomBytes(8).readBigUInt64BE();

declare const cursorKey: unique symbol;
/** The key of a journal's cursors: 16 bytes. Whoever has it can make cursors and read them. */
export type CursorKey = Uint8Array & { readonly [cursorKey]: true };

const KEY_BYTES = 16;

export const newCursorKey = (): CursorKey => toCursorKey(randomBytes(KEY_BYTES));

/** @throws {RangeError} when the key has another length. */
export function toCursorKey(bytes: Uint8Array): CursorKey {
  if (bytes.length === KEY_BYTES) return bytes as CursorKey;
  throw new RangeError(`a cursor key has ${bytes.length} bytes; it must have ${KEY_BYTES}`);
}

/** What a cursor says. */
export interface CursorPlace {
  readonly epoch: Epoch;
  readonly position: Position;
}

/*
 * A cursor is 24 bytes in base64url: version (1), id of the key (4), block (16), and the upper 24
 * bits of the CRC-32 of these. 24 bytes fill their 32 characters, so each cursor has one spelling.
 *
 * The block is epoch (8) and position (8), enciphered with AES-128. An epoch and a position make
 * one block, so each block is enciphered for itself, and a record has one cursor. Nobody without
 * the key can read a position or compare two. A changed or invented block opens to a random epoch,
 * which no journal knows.
 *
 * The checksum has no key: it tells a cursor of any journal from a text that is no cursor.
 */
const VERSION = 2;
const KEY_ID_AT = 1;
const BLOCK_AT = 5;
const CHECKSUM_AT = 21;
const LENGTH = 24;

/** Positions have 48 bits. */
const POSITIONS_END = 2n ** 48n;

/** Makes and reads cursors. */
export class Cursors {
  /** What cursors are made with. */
  readonly key: CursorKey;
  /** Of the keys that cursors are read with, by the id of the key. */
  readonly #deciphers: ReadonlyMap<number, Decipheriv>;
  readonly #cipher: Cipheriv;
  /** The bytes of the newest cursor. */
  readonly #bytes = Buffer.alloc(LENGTH);
  readonly #checked = this.#bytes.subarray(0, CHECKSUM_AT);
  readonly #block = Buffer.alloc(CHECKSUM_AT - BLOCK_AT);
  /** The newest cursor: one record is delivered to many subscribers. */
  #newest: (CursorPlace & { readonly cursor: Cursor }) | undefined;

  /** @param others Keys whose cursors are read too. Default: none. */
  constructor(key: CursorKey, others: readonly CursorKey[] = []) {
    this.key = key;
    this.#deciphers = new Map([key, ...others].map((each) => [keyIdOf(each), decipherOf(each)]));
    this.#cipher = createCipheriv(CIPHER, key, null).setAutoPadding(false);
    this.#bytes.writeUInt8(VERSION);
    this.#bytes.writeUInt32BE(keyIdOf(key), KEY_ID_AT);
  }

  encode(epoch: Epoch, position: Position): Cursor {
    const newest = this.#newest;
    if (newest?.position === position && newest.epoch === epoch) return newest.cursor;
    const bytes = this.#bytes;
    this.#block.writeBigUInt64BE(epoch);
    this.#block.writeUIntBE(position, 10, 6);
    bytes.set(this.#cipher.update(this.#block), BLOCK_AT);
    bytes.writeUIntBE(checksum(this.#checked), CHECKSUM_AT, 3);
    const cursor = bytes.toString('base64url') as Cursor;
    this.#newest = { epoch, position, cursor };
    return cursor;
  }

  /**
   * What a cursor says; undefined for a cursor that none of the keys has made.
   *
   * @throws {GatewayError} INVALID_CURSOR when the text is not a cursor of any journal.
   */
  decode(text: string): CursorPlace | undefined {
    const bytes = Buffer.from(FORM.test(text) ? text : '', 'base64url');
    if (isCursor(bytes, VERSION, LENGTH)) return this.#open(bytes);
    if (isCursor(bytes, PLAIN_VERSION, PLAIN_LENGTH)) return plainPlace(bytes);
    throw new GatewayError(
      'INVALID_CURSOR',
      `a text of ${text.length} characters is not a cursor: pass a cursor of this API unchanged`,
    );
  }

  #open(bytes: Buffer): CursorPlace | undefined {
    const decipher = this.#deciphers.get(bytes.readUInt32BE(KEY_ID_AT));
    const block = decipher?.update(bytes.subarray(BLOCK_AT, CHECKSUM_AT));
    const position = block?.readBigUInt64BE(8);
    if (!block || position === undefined || position >= POSITIONS_END) return undefined;
    return { epoch: block.readBigUInt64BE(), position: Number(position) as Position };
  }
}

/*
 * Gateways before version 2 gave out 18 bytes: version (1), epoch (8), position (6), checksum (3).
 * Clients keep such a cursor over the update. Newer openings of a journal never show their epochs,
 * so nobody can make one for a record that came after the update.
 */
const PLAIN_VERSION = 1;
const PLAIN_LENGTH = 18;

const plainPlace = (bytes: Buffer): CursorPlace => ({
  epoch: bytes.readBigUInt64BE(1),
  position: bytes.readUIntBE(9, 6) as Position,
});

const FORM = /^[A-Za-z0-9_-]{24}(?:[A-Za-z0-9_-]{8})?$/;

const isCursor = (bytes: Buffer, version: number, length: number): boolean =>
  bytes.length === length &&
  bytes.readUInt8(0) === version &&
  bytes.readUIntBE(length - 3, 3) === checksum(bytes.subarray(0, length - 3));

const checksum = (bytes: Buffer): number => crc32(bytes) >>> 8;

/** One block at a time: whole blocks come out at once, and the object serves for any number. */
const CIPHER = 'aes-128-ecb';

const decipherOf = (key: CursorKey): Decipheriv =>
  createDecipheriv(CIPHER, key, null).setAutoPadding(false);

/** Tells which key opens a cursor, and nothing about the key. */
const keyIdOf = (key: CursorKey): number =>
  hash('sha256', Buffer.concat([Buffer.from('se5 cursor key'), key]), 'buffer').readUInt32BE();
