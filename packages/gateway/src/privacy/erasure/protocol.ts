import { z } from 'zod';

/*
 * One line of JSON each: the request, then the report or why there is none. Only
 * who may read the data can open the socket, so names may pass through it.
 */

const count = z.int().min(0);

export const requestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('identity'), identityId: z.string().min(1) }),
  z.strictObject({ kind: z.literal('before'), time: z.number() }),
]);

export const answerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('done'),
    report: z.object({
      events: count,
      pictures: count,
      inClear: z.array(z.enum(['journal', 'images'])).readonly(),
    }),
  }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);

export type ErasureAnswer = z.infer<typeof answerSchema>;

/** A request is no longer than this, in bytes. */
export const MAX_REQUEST_BYTES = 16_384;
