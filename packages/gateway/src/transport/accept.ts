import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { EVENT_STREAM } from './event-stream.ts';
import { splitOutsideQuotes } from './quoted-text.ts';

type Asking = Pick<IncomingMessage, 'headers'>;

const CHARSET = '; charset=utf-8';

/** For a client that takes several alike, the first. */
const ANSWER_TYPES = ['application/json', 'application/graphql-response+json', EVENT_STREAM].map(
  (type) => type + CHARSET,
);

/** Whether the client takes a stream of events. A missing Accept header accepts any type. */
export const acceptsEventStream = (request: Asking): boolean =>
  accepted(request).includes(EVENT_STREAM);

/** Whether it takes streams of events and no JSON. */
export const acceptsOnlyEventStream = (request: Asking): boolean =>
  acceptsEventStream(request) && accepted(request).length === 1;

/** The type of the answer to a query, without parameters; undefined when the client takes none. */
export function answerType(request: Asking): string | undefined {
  const types = accepted(request);
  return types.find((type) => type !== EVENT_STREAM) ?? types[0];
}

const HTML = 'text/html';

/**
 * Whether the client names HTML, as browsers' address bars do, and likes no answer better; a
 * wildcard is not enough.
 */
export function acceptsHtml(request: Asking): boolean {
  // Most clients do not name it, and their header need not be parsed for this.
  if (!/text\/html/i.test(request.headers.accept ?? '')) return false;
  const negotiator = new Negotiator({ headers: { accept: mediaRanges(request) } });
  const isNamed = negotiator.mediaTypes().some((type) => type.toLowerCase() === HTML);
  return isNamed && negotiator.mediaTypes([HTML + CHARSET, ...ANSWER_TYPES])[0] === HTML + CHARSET;
}

/** Parsing a header of 16 KiB takes a while, and several ask for its types. */
const parsed = new WeakMap<Asking, readonly string[]>();

/** The types of answers that the client takes, without parameters; the one it likes best first. */
function accepted(request: Asking): readonly string[] {
  const known = parsed.get(request);
  if (known) return known;
  const types = new Negotiator({ headers: { accept: mediaRanges(request) } })
    .mediaTypes(ANSWER_TYPES)
    .map((type) => type.slice(0, -CHARSET.length));
  parsed.set(request, types);
  return types;
}

/**
 * The media ranges of Accept with their charset and weight. Our types define no other parameter
 * (RFC 8259, section 11), so no other excludes them. A missing or empty header accepts any type.
 */
function mediaRanges({ headers }: Asking): string {
  const ranges = splitOutsideQuotes(headers.accept ?? '', ',')
    .filter((range) => range.trim() !== '')
    .map(mediaRange);
  return ranges.join(', ') || '*/*';
}

function mediaRange(text: string): string {
  const [type = '', ...parameters] = splitOutsideQuotes(text, ';');
  // Some clients send a bare asterisk.
  let range = type.trim() === '*' ? '*/*' : type.trim();
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.replaceAll('"', '').toLowerCase().split('=');
    range += parameterOf(name.trim(), value.trim());
  }
  return range;
}

/** As it is offered; `''` for a parameter that excludes nothing, a malformed weight included. */
function parameterOf(name: string, value: string): string {
  if (name === 'charset') return UTF_8.has(value) ? CHARSET : '; charset=other';
  return name === 'q' && WEIGHT.test(value) ? `; q=${value}` : '';
}

const UTF_8: ReadonlySet<string> = new Set(['utf-8', 'utf8', '*']);

/** RFC 9110, section 12.4.2, and without the zero in front. */
const WEIGHT = /^(?:0?\.\d+|0\.?|1(?:\.0*)?)$/;
