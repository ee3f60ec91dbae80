/** How a protocol tells one message from the next; the same for all its connections. */
export interface Framing {
  /** Bytes of the header of a message of so many bytes. */
  headerLength(byteLength: number): number;
  /** Puts that header at an offset of the target. */
  writeHeader(target: Buffer, at: number, byteLength: number): void;
}
