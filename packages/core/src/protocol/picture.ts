/**
 * One picture, kept as the base64 text that the box sent, as bytes.
 *
 * The bytes are a slice of the message they came in: nothing is copied or decoded until
 * somebody asks. They are clean base64 (RFC 4648 alphabet, correct padding), so they can
 * stand between two quotes of a JSON document as they are.
 */
export interface Picture {
  /** The base64 text in ASCII, as bytes; never empty. Treat as read-only. */
  readonly base64: Buffer;
  /** Size of the decoded picture, in bytes. */
  readonly byteLength: number;
  /** By the picture's first bytes; `application/octet-stream` when they name no known format. */
  readonly contentType: string;
}
