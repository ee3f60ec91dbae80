import { z } from 'zod';

/** What is measured side by side. */
export const CONTENDERS = ['gateway', 'bare', 'yoga', 'mercurius'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

/** What a server process is started with. */
export const optionsSchema = z.object({
  /** The ports of each box. */
  boxes: z.array(z.object({ eventPort: z.int(), apiPort: z.int() })),
  /** Whether the boxes are to send pictures all the time, whoever subscribes. */
  pictures: z.boolean(),
  /** What the bare broadcast sends for each event: an answer of the gateway, as it came. */
  answer: z.string(),
  /** Of the gateway. Default: a file that goes with the process. */
  journalPath: z.string().optional(),
  /** Of a gateway among others: where their log is, and whether it may listen to the boxes. */
  cluster: z
    .object({ server: z.string(), name: z.string(), listens: z.boolean().default(true) })
    .optional(),
  /** Where the gateway keeps pictures: beside the journal, or nowhere but in the process. */
  pictureStore: z.enum(['disk', 'memory']).default('disk'),
});

export type ContenderOptions = z.infer<typeof optionsSchema>;

export const startedSchema = z.object({ port: z.int() });

/** What a server process says of itself. */
export const usageSchema = z.object({
  /** User and system time since the process began, in µs. */
  cpuMicros: z.number(),
  /** By a clock that only goes forward, in ms. */
  at: z.number(),
  /** How large the process is, and the largest that it has been, in bytes. */
  rss: z.number(),
  peakRss: z.number(),
});

export type Usage = z.infer<typeof usageSchema>;

/** What a parent asks: usage, now or after collections that give back all that they can. */
export type Question = 'usage' | 'collect';
