import { z } from 'zod';

const gapSchema = z.object({
  reason: z.enum(['BOX_UNREACHABLE', 'RETENTION', 'UNKNOWN_CURSOR', 'JOURNAL_UNAVAILABLE']),
  from: z.nullable(z.string()),
  to: z.nullable(z.string()),
  boxId: z.nullable(z.string()),
  count: z.nullable(z.number()),
});

const eventSchema = z.object({
  id: z.string(),
  cursor: z.string(),
  receivedAt: z.iso.datetime(),
  delivery: z.enum(['LIVE', 'BACKFILLED']),
  replayed: z.boolean(),
  device: z.object({ id: z.string() }),
  extra: z.looseObject({ serial: z.int() }),
  gapsBefore: z.array(gapSchema),
});

export type Gap = z.infer<typeof gapSchema>;

/** What is kept of an event that a client got. */
export interface Received {
  readonly id: string;
  /** Of what the box sent. */
  readonly serial: number;
  readonly deviceId: string;
  /** When the gateway got it, by its clock; ms since the Unix epoch. */
  readonly receivedAt: number;
  readonly delivery: 'LIVE' | 'BACKFILLED';
  readonly replayed: boolean;
  readonly cursor: string;
  /** Of the journal that gave out its cursor: another one while the disk is full. */
  readonly epoch: string;
  readonly gapsBefore: readonly Gap[];
  /** When the client got it; ms since the Unix epoch. */
  readonly at: number;
}

const NO_GAPS: readonly Gap[] = [];

/** Of a cursor: what comes before the position. */
const EPOCH_CHARACTERS = 12;

/** Equal texts as one, since a run has millions of them. */
const texts = new Map<string, string>();

const shared = (text: string): string => {
  const known = texts.get(text);
  if (known === undefined) texts.set(text, text);
  return known ?? text;
};

/** @throws {z.ZodError} when it is no event of a simulated box. */
export function toReceived(value: unknown): Received {
  const { id, cursor, device, receivedAt, delivery, replayed, extra, gapsBefore } =
    eventSchema.parse(value);
  return {
    id: shared(id),
    serial: extra.serial,
    deviceId: shared(device.id),
    receivedAt: Date.parse(receivedAt),
    delivery,
    replayed,
    cursor: shared(cursor),
    epoch: shared(cursor.slice(0, EPOCH_CHARACTERS)),
    gapsBefore: gapsBefore.length === 0 ? NO_GAPS : gapsBefore,
    at: Date.now(),
  };
}
