import type { Position } from '../journal/journal.ts';

/**
 * One event as one shape of answers has it: the JSON text of an ExecutionResult in UTF-8,
 * encoded once and written to everyone who asked for that shape.
 *
 * The text is cut where a picture's base64 stands, so that a picture goes out as the slice of
 * the box's message that it came in, never copied. The parts joined are valid JSON on one line.
 * Treat all of it as read-only: connections share it.
 */
export interface Payload {
  /** At least one; text and pictures take turns, text first and last. */
  readonly parts: readonly Buffer[];
  /** Of all parts together. */
  readonly byteLength: number;
  /** There is more than one part. */
  readonly hasPictures: boolean;
  /** Of the event, for its cursor. */
  readonly position: Position;
}

/** Pictures in base64 that the payload has. */
export const picturesIn = ({ parts }: Pick<Payload, 'parts'>): number => (parts.length - 1) / 2;
