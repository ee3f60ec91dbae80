import { z } from 'zod';
import type { UncoveredRows } from '../erasure-notice.ts';
import type { Day, PersonTag } from '../key-file.ts';
import { SharedKeysError } from './shared-keys-error.ts';

/*
 * The messages of the stream, each a JSON object with `"v": 1` that has a subject of its own:
 *
 *   <stream>.file                   id and secret of the key files
 *   <stream>.person.<name>.<tag>    a person's key; the name is a keyed hash of the person's id
 *   <stream>.day.<day>.<id>         a day's key
 *   <stream>.use.person.<tag>       the last day on which the key was used, or that it is collected
 *   <stream>.use.day.<id>           the same
 *   <stream>.forgotten.person.<tag> a forgotten key
 *   <stream>.forgotten.day.<id>     the same
 *   <stream>.erased.<id>            rows that no key covers, with a limited life
 *   <stream>.mark                   says how far the stream is; holds nothing
 */

const VERSION = 1;

/** The tag of a person, or the id of a day's key. */
export type KeyId = PersonTag | number;

/** Whose key it is: the keyed hash of a person's id, or a day. */
export type KeyOwner = string | Day;

export interface SharedKey {
  readonly id: KeyId;
  readonly owner: KeyOwner;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** The last known day on which something was sealed with it. */
  readonly usedOn: Day;
}

export type KeyUse = Pick<SharedKey, 'id' | 'usedOn'>;

/** What all key files of a cluster have in common. */
export interface FileIdentity {
  readonly id: string;
  readonly secret: string;
}

export interface Erasure {
  /** Random: a repeated message is recognised. */
  readonly id: string;
  readonly rows: UncoveredRows;
}

export type KeyMessage =
  | { readonly kind: 'file'; readonly file: FileIdentity }
  | { readonly kind: 'key'; readonly key: SharedKey }
  | ({ readonly kind: 'use' } & KeyUse)
  | { readonly kind: 'collected'; readonly id: KeyId }
  | { readonly kind: 'forgotten'; readonly id: KeyId }
  | { readonly kind: 'erased'; readonly erasure: Erasure }
  | { readonly kind: 'mark' };

const count = z.int().min(0);
const text = z.string().min(1);
const keyBytes = z.base64().transform((base64) => new Uint8Array(Buffer.from(base64, 'base64')));

const versioned = z.object({ v: count });
const fileContent = z.object({ id: text, secret: text });
const keyContent = z.object({
  key: keyBytes.refine(({ length }) => length === 32, 'expected 32 bytes'),
  usedOn: count,
});
const useContent = z.union([
  z.object({ usedOn: count }),
  z.object({ isCollected: z.literal(true) }),
]);
const until = z.object({ position: count, at: z.number() }).exactOptional();
const rowsContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stranger'), stranger: text, until }),
  z.object({ kind: z.literal('before'), time: z.number(), until }),
]);

const name = z.string().regex(/^[\w-]+$/);
const wholeNumber = z.string().regex(/^\d+$/).transform(Number);

const familyOf = (value: string | number): string => (typeof value === 'number' ? 'day' : 'person');

/** The subject of a message, without the stream's name. */
export function subjectOf(message: KeyMessage): string {
  switch (message.kind) {
    case 'key':
      return `${ownerSubject(message.key.owner)}.${message.key.id}`;
    case 'use':
    case 'collected':
      return `use.${familyOf(message.id)}.${message.id}`;
    case 'forgotten':
      return `forgotten.${familyOf(message.id)}.${message.id}`;
    case 'erased':
      return `erased.${message.erasure.id}`;
    case 'file':
    case 'mark':
      return message.kind;
  }
}

/** What the subjects of an owner's keys begin with. */
export const ownerSubject = (owner: KeyOwner): string => `${familyOf(owner)}.${owner}`;

export const contentOf = (message: KeyMessage): string =>
  JSON.stringify({ v: VERSION, ...fieldsOf(message) });

function fieldsOf(message: KeyMessage): object {
  switch (message.kind) {
    case 'file':
      return message.file;
    case 'key': {
      const { key, usedOn } = message.key;
      return { key: Buffer.from(key).toString('base64'), usedOn };
    }
    case 'use':
      return { usedOn: message.usedOn };
    case 'collected':
      return { isCollected: true };
    case 'erased':
      return message.erasure.rows;
    case 'forgotten':
    case 'mark':
      return {};
  }
}

/**
 * @param subject Without the stream's name.
 * @throws {SharedKeysError} NEWER_VERSION for another version or an unknown subject, BAD_MESSAGE.
 */
export function readMessage(subject: string, content: string): KeyMessage {
  const { v } = parsed(versioned, subject, content);
  const [family = '', ...parts] = subject.split('.');
  const message = v === VERSION ? read(family, parts, subject, content) : undefined;
  if (message) return message;
  throw new SharedKeysError(
    'NEWER_VERSION',
    `a newer gateway wrote a message (${family}, version ${v}) about shared keys, and this one ignores it; update this gateway`,
  );
}

function read(
  family: string,
  parts: readonly string[],
  subject: string,
  content: string,
): KeyMessage | undefined {
  switch (family) {
    case 'file':
      return { kind: 'file', file: parsed(fileContent, subject, content) };
    case 'person':
    case 'day': {
      const [owner, id] = parts.map((part) => idIn(family, part, subject));
      if (owner === undefined || id === undefined) throw unreadable(subject, 'its subject');
      return { kind: 'key', key: { owner, id, ...parsed(keyContent, subject, content) } };
    }
    case 'use': {
      const [of = '', part = ''] = parts;
      const id = idIn(of, part, subject);
      const use = parsed(useContent, subject, content);
      return 'usedOn' in use ? { kind: 'use', id, ...use } : { kind: 'collected', id };
    }
    case 'forgotten': {
      const [of = '', part = ''] = parts;
      return { kind: 'forgotten', id: idIn(of, part, subject) };
    }
    case 'erased': {
      const id = idIn('erased', parts[0] ?? '', subject);
      return {
        kind: 'erased',
        erasure: { id: String(id), rows: parsed(rowsContent, subject, content) },
      };
    }
    case 'mark':
      return { kind: 'mark' };
    default:
      return undefined;
  }
}

/** A part of a subject. Days are numbers. */
function idIn(family: string, part: string, subject: string): string | number {
  const { data } = family === 'day' ? wholeNumber.safeParse(part) : name.safeParse(part);
  if (data === undefined) throw unreadable(subject, 'its subject');
  return data;
}

/** @throws {SharedKeysError} BAD_MESSAGE, without the content: it may hold a key. */
function parsed<Content>(schema: z.ZodType<Content>, subject: string, content: string): Content {
  try {
    return schema.parse(JSON.parse(content));
  } catch (error) {
    throw unreadable(
      subject,
      error instanceof z.ZodError
        ? error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join(', ')
        : 'it is not JSON',
    );
  }
}

const unreadable = (subject: string, reason: string): SharedKeysError =>
  new SharedKeysError(
    'BAD_MESSAGE',
    `the message ${subject} about shared keys can’t be read (${reason}); delete it from the stream`,
  );
