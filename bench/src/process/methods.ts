import { z } from 'zod';

/** What a child process can be asked for. Input and output are whatever can be cloned. */
export type Methods = Readonly<Record<string, (input: never) => unknown>>;

export const requestSchema = z.object({
  id: z.int(),
  method: z.string(),
  input: z.unknown(),
});

export const replySchema = z.union([
  z.object({ id: z.int(), failure: z.string() }),
  z.object({ id: z.int(), output: z.unknown() }),
]);

export type Request = z.infer<typeof requestSchema>;
export type Reply = z.infer<typeof replySchema>;
