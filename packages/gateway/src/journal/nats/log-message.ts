import type { DeviceId, EventDeviceType, PersonType } from '@se5/core';
import { z } from 'zod';
import { type BoxId, boxIdSchema, siteIdSchema } from '../../config/ids.ts';
import { SEVERITIES } from '../../config/watch.ts';
import type { ImageKey } from '../../images/image-store.ts';
import type { NotedTime } from '../../noted-time.ts';
import type { Keyring, SealedBy } from '../../privacy/keyring.ts';
import { opened, seal } from '../../privacy/sealing.ts';
import type { AlarmId } from '../alarm/alarm.ts';
import type { AlarmAct } from '../alarm/alarm-act.ts';
import type { Gap } from '../gap.ts';
import type { JournalEntry } from '../journal.ts';
import type { EventId } from '../recognition.ts';

/*
 * A message is one line of JSON. Behind the line of an event or an act comes what is sealed of it:
 * whoever reads the log without the keys learns times and boxes, and nothing of a person. Readers
 * ignore fields that they do not know; a change that older readers can't take needs another version.
 */
const VERSION = 1;

/** One message of one process: how it finds its own in the log. */
export interface Author {
  /** The name of the gateway. */
  readonly gateway: string;
  /** Random, of the process. */
  readonly process: string;
  /** Grows with each message of the process. */
  readonly number: number;
}

export type LogMessage = { readonly author: Author } & (
  | { readonly kind: 'event'; readonly sealedBy: SealedBy; readonly sealed: Uint8Array }
  | { readonly kind: 'gap'; readonly gap: Gap }
  /** By the keys of the event that opened the alarm. */
  | { readonly kind: 'act'; readonly sealedBy: SealedBy; readonly sealed: Uint8Array }
  /** From here on, this gateway writes what the box says. */
  | { readonly kind: 'owned'; readonly boxId: BoxId }
);

export type SealedMessage = Extract<LogMessage, { readonly sealed: Uint8Array }>;

type WatchedEvent = Pick<Extract<JournalEntry, { readonly kind: 'event' }>, 'event' | 'matches'>;

const time = z.number();

const gapSchema = z.object({
  reason: z.enum(['BOX_UNREACHABLE', 'RETENTION', 'UNKNOWN_CURSOR', 'JOURNAL_UNAVAILABLE']),
  from: time.nullable(),
  to: time.nullable(),
  boxId: boxIdSchema.nullable(),
  count: z.number().nullable(),
});

const authorSchema = z.object({ gateway: z.string(), process: z.string(), number: z.int() });

const sealedBySchema = z.object({ day: z.int(), person: z.string() });

const headSchema = z.discriminatedUnion('kind', [
  z.object({
    v: z.literal(VERSION),
    kind: z.literal('event'),
    author: authorSchema,
    sealedBy: sealedBySchema,
  }),
  z.object({
    v: z.literal(VERSION),
    kind: z.literal('act'),
    author: authorSchema,
    sealedBy: sealedBySchema,
  }),
  z.object({
    v: z.literal(VERSION),
    kind: z.literal('gap'),
    author: authorSchema,
    gap: gapSchema,
  }),
  z.object({
    v: z.literal(VERSION),
    kind: z.literal('owned'),
    author: authorSchema,
    boxId: boxIdSchema,
  }),
]);

type Head = z.infer<typeof headSchema>;

const pictureSchema = z.object({
  key: z.string().transform((key) => key as ImageKey),
  byteLength: z.number(),
  contentType: z.string(),
});

const alarmIdSchema = z.string().transform((id) => id as AlarmId);

const matchSchema = z.object({
  rule: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  cooldownMs: z.number(),
  alarm: alarmIdSchema,
});

const actSchema = z.object({
  alarm: alarmIdSchema,
  action: z.enum(['ACKNOWLEDGE', 'CLOSE', 'NOTE']),
  key: z.string(),
  by: z.string(),
  at: time,
  assignee: z.string().exactOptional(),
  text: z.string().exactOptional(),
});

const eventSchema = z.object({
  id: z.string().transform((id) => id as EventId),
  siteId: siteIdSchema,
  boxId: boxIdSchema,
  deviceId: z.string().transform((id) => id as DeviceId),
  occurredAt: time,
  receivedAt: time,
  delivery: z.enum(['LIVE', 'BACKFILLED']),
  personType: z.string().transform((type) => type as PersonType),
  identityId: z.string(),
  identityName: z.string(),
  groupName: z.string(),
  identityInfo: z.record(z.string(), z.json()),
  score: z.number(),
  similarity: z.number(),
  deviceType: z.string().transform((type) => type as EventDeviceType),
  deviceIp: z
    .string()
    .nullish()
    .transform((ip) => ip ?? undefined),
  pictures: z.object({
    face: pictureSchema.exactOptional(),
    scene: pictureSchema.exactOptional(),
    registered: pictureSchema.exactOptional(),
  }),
  extra: z.record(z.string(), z.json()),
});

/** An event, and the watch rules that it met. */
const watchedSchema = eventSchema.extend({ matches: z.array(matchSchema).exactOptional() });

export const encodeOwned = (author: Author, boxId: BoxId): Uint8Array =>
  encode({ v: VERSION, kind: 'owned', author, boxId });

export const encodeGap = (author: Author, gap: Gap): Uint8Array =>
  encode({ v: VERSION, kind: 'gap', author, gap });

/** @param keyring has the keys of the event already. */
export function encodeEvent(
  author: Author,
  { event, matches }: WatchedEvent,
  keyring: Keyring,
): Uint8Array {
  const { key, day, person } = keyring.sealingKey(event);
  const head = encode({ v: VERSION, kind: 'event', author, sealedBy: { day, person } });
  return Buffer.concat([head, seal(key, JSON.stringify({ ...event, matches }))]);
}

/** Undefined when a key of the alarm is forgotten. */
export function encodeAct(
  author: Author,
  act: AlarmAct,
  sealedBy: SealedBy,
  keyring: Keyring,
): Uint8Array | undefined {
  const key = keyring.openingKey(sealedBy);
  if (!key) return undefined;
  const head = encode({ v: VERSION, kind: 'act', author, sealedBy });
  return Buffer.concat([head, seal(key, JSON.stringify(act))]);
}

/** @throws {SyntaxError | z.ZodError} for what no gateway of this version writes. */
export function decodeMessage(bytes: Uint8Array): LogMessage {
  const [line, sealed] = split(bytes);
  const head = headSchema.parse(JSON.parse(line));
  return head.kind === 'event' || head.kind === 'act' ? { ...head, sealed } : head;
}

/** Who wrote a message or a note. */
export const authorOf = (bytes: Uint8Array): Author =>
  z.object({ author: authorSchema }).parse(JSON.parse(split(bytes)[0])).author;

/** What is sealed in a message; undefined when a key that it was sealed with is forgotten. */
export function openMessage(
  { kind, sealedBy, sealed }: SealedMessage,
  keyring: Keyring,
): Exclude<JournalEntry, { readonly kind: 'gap' }> | undefined {
  const key = keyring.openingKey(sealedBy);
  const text = key && opened(key, sealed)?.toString();
  if (text === undefined) return undefined;
  const content: unknown = JSON.parse(text);
  if (kind === 'act') return { kind, act: actSchema.parse(content) };
  const { matches, ...event } = watchedSchema.parse(content);
  return { kind, event, ...(matches && { matches }) };
}

/** The request of a gateway to be handed a box: its process, and the number of the request there. */
export interface Ask {
  readonly process: string;
  readonly number: number;
}

/** What is noted of a box. */
export interface Note {
  /** Up to when all that it said is in the log, or a gap; undefined when nothing is known. */
  readonly to: NotedTime | undefined;
  /**
   * The author was asked for the box when the asking gateway heard it already. It heard all that the
   * box said up to some time after that, and the log has it. Undefined when that is not known.
   */
  readonly handedTo?: Ask | undefined;
}

const noteSchema = z.object({
  v: z.literal(VERSION),
  author: authorSchema,
  handedTo: z.object({ process: z.string(), number: z.int() }).exactOptional(),
  to: z
    .object({
      at: time,
      instant: z
        .object({ boot: z.string(), ms: time, aheadMs: z.array(z.number()).exactOptional() })
        .exactOptional(),
    })
    .nullable(),
});

export const encodeNote = (author: Author, { to, handedTo }: Note): Uint8Array =>
  Buffer.from(JSON.stringify({ v: VERSION, author, to: to ?? null, handedTo }));

/** @throws {SyntaxError | z.ZodError} for what no gateway of this version writes. */
export function decodeNote(bytes: Uint8Array): Note & { readonly author: Author } {
  const { author, to, handedTo } = noteSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
  return { author, to: to ?? undefined, handedTo };
}

/** The part of a subject that stands for a box: a box's id may hold what subjects may not. */
export const boxToken = (boxId: BoxId): string =>
  encodeURIComponent(boxId.toWellFormed()).replaceAll('.', '%2E').replaceAll('*', '%2A');

/** The first line, and what comes behind it. */
function split(bytes: Uint8Array): [line: string, rest: Uint8Array] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf('\n');
  if (end === -1) return [buffer.toString(), buffer.subarray(buffer.length)];
  return [buffer.toString('utf8', 0, end), buffer.subarray(end + 1)];
}

/** The box that `boxToken` made the text of. */
export const boxOfToken = (token: string): BoxId => boxIdSchema.parse(decodeURIComponent(token));

const encode = (head: Head): Buffer => Buffer.from(`${JSON.stringify(head)}\n`);
