import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoxRequest, StoredDialect } from '../protocol/dialect.ts';
import { BoxError } from '../protocol/errors.ts';
import type { DeviceId } from '../protocol/ids.ts';
import { isObject, type JsonValue, kindOf } from '../protocol/json.ts';
import { redactEvent } from '../protocol/redact.ts';
import type { StoredEvent } from '../protocol/stored-event.ts';
import { boundText, MAX_NAME_LENGTH, textBytes } from '../protocol/text-bounds.ts';

/** With the biometric templates, which go when it is read, a record takes about 10 KB. */
const PER_PAGE = 50;

/** A page with more has nothing to do with what was asked for. */
const MAX_RECORDS = 20 * PER_PAGE;

/** How many pages one question is worth; 50,000 events. */
export const MAX_PAGES = 1_000;

/**
 * So many rounds in a row that bring nothing new end it. One proves little: where each page is of
 * another order, one record of 80 stays hidden for a whole round in a quarter of the cases.
 */
const SILENT_ROUNDS = 4;

export interface StoredEventsQuery {
  /** By the box's clock, inclusive; ms since the Unix epoch. */
  readonly from: number;
  /** By the box's clock, exclusive. */
  readonly to: number;
  /** Default: of all devices. */
  readonly devices?: readonly DeviceId[] | undefined;
  /** Between the answer to one page and the question for the next, in ms. Default 0. */
  readonly pauseMs?: number;
  /** Told of each record that could not be read, and is left out. */
  readonly unreadable?: (error: BoxError) => void;
  /** Ends it: the iteration throws the signal's reason. */
  readonly signal?: AbortSignal;
}

type Ask = (request: BoxRequest, signal: AbortSignal | undefined) => Promise<JsonValue>;

/**
 * The stored events of a span, each once, in the order in which the box gives them, which may be
 * any.
 *
 * The order of the pages is not documented, and events come and go while they are turned: an
 * event may be found on two pages, or slip from a page not read yet to one that was. So the pages
 * are turned until as many different records have been seen as the box says there are, from the
 * first again until some rounds in a row have brought nothing new.
 *
 * @throws {BoxError} NOT_SUPPORTED when the box has no such endpoint; INCOMPLETE when the pages
 *   don't come to what it says there is, or are more than `MAX_PAGES`; and what asking throws.
 */
export async function* storedEvents(
  ask: Ask,
  dialect: StoredDialect,
  query: StoredEventsQuery,
): AsyncGenerator<StoredEvent, void> {
  const { from, to, pauseMs = 0, unreadable, signal } = query;
  const devices = query.devices && new Set(query.devices);
  const seen = new Set<string>();
  let round = { page: 0, records: 0, fresh: 0 };
  let mostEver = 0;
  let silentRounds = 0;
  for (let asked = 0; asked < MAX_PAGES; asked += 1) {
    if (asked > 0) await pause(pauseMs, signal);
    const request = dialect.request({ from, to, page: round.page, perPage: PER_PAGE });
    const { records, total } = dialect.records(await answerTo(ask, request, dialect, signal));
    if (records.length > MAX_RECORDS) throw tooManyRecords(records.length);
    let fresh = 0;
    for (const record of records) {
      const key = keyOf(record, dialect);
      if (seen.has(key)) continue;
      seen.add(key);
      fresh += 1;
      const event = read(record, dialect, unreadable);
      if (event === undefined || event.occurredAt < from || event.occurredAt >= to) continue;
      if (devices === undefined || devices.has(event.deviceId)) yield event;
    }
    round = {
      page: round.page + 1,
      records: round.records + records.length,
      fresh: round.fresh + fresh,
    };
    if (total === undefined) {
      if (fresh === 0) return;
      continue;
    }
    // Where records have gone in the meantime, one that was not seen may have taken the place.
    mostEver = Math.max(mostEver, total);
    if (seen.size >= mostEver) return;
    if (records.length > 0 && round.records < total) continue;
    silentRounds = round.fresh === 0 ? silentRounds + 1 : 0;
    if (silentRounds === SILENT_ROUNDS) {
      if (seen.size >= total) return;
      throw incomplete(`it counts ${total} events, and gave ${seen.size}`);
    }
    round = { page: 0, records: 0, fresh: 0 };
  }
  throw incomplete(`it has more than ${MAX_PAGES} pages; ask for a shorter span`);
}

/** @throws the signal's reason. */
const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  sleep(ms, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());

const incomplete = (found: string): BoxError =>
  new BoxError('INCOMPLETE', `Not all stored events of the box could be read: ${found}`);

const tooManyRecords = (found: number): BoxError =>
  new BoxError(
    'PROTOCOL',
    `A page of stored events has ${found} records; ${PER_PAGE} were requested, and at most ${MAX_RECORDS} are allowed`,
  );

async function answerTo(
  ask: Ask,
  request: BoxRequest,
  dialect: StoredDialect,
  signal: AbortSignal | undefined,
): Promise<JsonValue> {
  try {
    return await ask(request, signal);
  } catch (error) {
    if (!(error instanceof BoxError) || !isAbsent(error, dialect)) throw error;
    const message = 'The box has no stored events to ask for: its firmware has no such endpoint';
    throw new BoxError('NOT_SUPPORTED', message, error.detail, { cause: error });
  }
}

/** Statuses of HTTP that say that there is no such thing. */
const ABSENT_STATUSES = new Set([404, 405, 410, 501]);

/** Whether the box says that it has not what it was asked for. */
export const isAbsent = ({ code, detail }: BoxError, { absentCodes }: StoredDialect): boolean =>
  (code === 'PROTOCOL' || code === 'BOX_REFUSED') &&
  (ABSENT_STATUSES.has(detail.status ?? 0) || absentCodes.has(detail.boxCode ?? ''));

/** What tells a record from the others, of a bounded length: all keys of a span are kept. */
function keyOf(record: JsonValue, dialect: StoredDialect): string {
  const id = isObject(record) ? dialect.idOf(record) : undefined;
  return id !== undefined && id.length <= MAX_NAME_LENGTH ? id : digestOf(id ?? record);
}

/** The same for values that are equal, also for one that nests too deep for `JSON.stringify`. */
function digestOf(value: JsonValue): string {
  const hash = createHash('sha256');
  const waiting: JsonValue[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) {
      hash.update(`${JSON.stringify(next)},`);
      continue;
    }
    const entries = Object.entries(next);
    hash.update(Array.isArray(next) ? `[${entries.length}` : `{${entries.length}`);
    for (const [name, member] of entries) {
      hash.update(`${JSON.stringify(name)}:`);
      waiting.push(member);
    }
  }
  return hash.digest('base64');
}

function read(
  record: JsonValue,
  dialect: StoredDialect,
  unreadable: StoredEventsQuery['unreadable'],
): StoredEvent | undefined {
  try {
    if (isObject(record)) {
      const kept = redactEvent(record);
      return dialect.readEvent(boundText(kept, textBytes(kept), dialect.eventMembers));
    }
    throw new BoxError('INVALID_EVENT', `found ${kindOf(record)}, expected an event (an object)`);
  } catch (error) {
    if (!(error instanceof BoxError)) throw error;
    const message = `A stored event was dropped: ${error.message}`;
    unreadable?.(new BoxError(error.code, message, error.detail));
    return undefined;
  }
}
