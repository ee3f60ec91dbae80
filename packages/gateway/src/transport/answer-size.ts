import type { ExecutionResult, GraphQLError } from 'graphql';
import { limitError, PublicError } from './errors.ts';

/**
 * Counts the base64 of one answer, which the text of an operation can't tell: a picture has 5 KB
 * or 5 MB, and the size of a page is in a variable. One picture may exceed the limit, so that an
 * event alone can always be had.
 *
 * @param limit in bytes.
 * @returns told of each picture before it is fetched; throws ANSWER_TOO_LARGE.
 */
export function boundedBase64(limit: number): (byteLength: number) => void {
  let admitted = 0;
  return (byteLength) => {
    if (admitted >= limit) {
      throw limitError(
        'ANSWER_TOO_LARGE',
        `The answer would have more than ${limit} bytes of pictures as base64. Ask for fewer events at once, or for url instead of base64.`,
      );
    }
    admitted += byteLength;
  };
}

/** The limit that an answer has met while it was made: then there is no answer, rather than half of one. */
export const refusalIn = ({ errors }: ExecutionResult): GraphQLError | undefined =>
  errors?.find(({ cause }) => cause instanceof PublicError);
