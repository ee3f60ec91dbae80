import type { ExecutionResult, GraphQLError } from 'graphql';
import type { ClientTurns } from '../turns.ts';
import { limitError, PublicError } from './errors.ts';

/** A result, and its JSON if that has been made: in turns, for it may be long. */
export interface Answer extends ExecutionResult {
  /** What `JSON.stringify` would give. Yoga asks for it too. */
  readonly stringify?: ((result: ExecutionResult) => string) | undefined;
}

export const textOf = (answer: Answer): string =>
  answer.stringify?.(answer) ?? JSON.stringify(answer);

/** The limit that an answer has met while it was made: then there is no answer, rather than half of one. */
export const refusalIn = ({ errors }: ExecutionResult): GraphQLError | undefined =>
  errors?.find(({ cause }) => cause instanceof PublicError);

/**
 * Makes the JSON of a result piece by piece, with pauses for others.
 *
 * @throws {PublicError} ANSWER_TOO_LARGE beyond `maxBytes`; what `signal` was aborted with.
 */
export async function withText(
  result: ExecutionResult,
  maxBytes: number,
  turns: ClientTurns,
  signal: AbortSignal,
): Promise<Answer> {
  let text = '';
  let bytes = 0;
  for (const piece of piecesOf(result)) {
    text += piece;
    bytes += Buffer.byteLength(piece);
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    if (turns.isSpent) await turns.next();
    signal.throwIfAborted();
  }
  return { ...result, stringify: () => text };
}

const tooLarge = (maxBytes: number): PublicError =>
  limitError(
    'ANSWER_TOO_LARGE',
    `The answer has more than ${maxBytes} bytes (limits.answerBytes, and its pictures). Ask for fewer fields, or for fewer items at once.`,
  );

/** Of a piece, in characters, as long as it is not one string. */
const PIECE = 16_384;

/** What the value's JSON is made of; a value that is short is one piece. */
function* piecesOf(value: unknown): Generator<string> {
  if (!isComposite(value) || roomAfter(value, PIECE) >= 0) {
    yield JSON.stringify(value) ?? 'null';
  } else if (Array.isArray(value)) {
    let before = '[';
    for (const item of value) {
      yield before;
      yield* piecesOf(item);
      before = ',';
    }
    yield ']';
  } else {
    let before = '{';
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${before}${JSON.stringify(name)}:`;
      yield* piecesOf(member);
      before = ',';
    }
    yield '}';
  }
}

/** What is left of so many characters, roughly; below zero as soon as the value is longer. */
function roomAfter(value: unknown, room: number): number {
  if (typeof value === 'string') return room - value.length;
  if (!isComposite(value)) return room - 1;
  let left = room;
  for (const [name, member] of Object.entries(value)) {
    left = roomAfter(member, left - name.length);
    if (left < 0) break;
  }
  return left;
}

/** A list or an object that does not say itself how it is written. */
const isComposite = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !('toJSON' in value);
