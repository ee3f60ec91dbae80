import type { RawData } from 'ws';

/** A message of `ws` in one piece, which all are unless `binaryType` says otherwise. */
export function textOf(data: RawData): string {
  if (!Buffer.isBuffer(data)) throw new TypeError('a message came in several pieces');
  return data.toString();
}
