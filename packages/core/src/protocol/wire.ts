import { z } from 'zod';
import { isObject, type JsonValue } from './json.ts';
import { cutName } from './text-bounds.ts';

/**
 * What dialects share: members read as what they should be, whatever they are. A member that
 * is absent, or can't be read so, is undefined; no member alone makes an event unreadable.
 */

/** A member of parsed JSON, whatever it holds. */
export const anything = z.custom<JsonValue>().optional();

/** A decimal number; `Number` would also read `""`, `0x10` and `Infinity`. */
const DECIMAL = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;

export const asNumber = (value: JsonValue | undefined): number | undefined => {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

const asText = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined;

/** Text; a number as text. */
export const text = anything.transform(asText);

/** Text that says something: `""` counts as absent. */
export const nonEmptyText = anything.transform((value) => asText(value) || undefined);

/** Text for people to read, cut where it is too long. */
export const name = anything.transform((value) => {
  const found = asText(value);
  return found === undefined ? undefined : cutName(found);
});

/** The same; `""` counts as absent. */
export const nonEmptyName = name.transform((value) => value || undefined);

/** A finite number, or one in decimal as text. */
export const numeric = anything.transform(asNumber);

/** Of what a `Date` can hold, in ms from the epoch to either side. */
const MAX_TIME = 8.64e15;

const asDate = (ms: number): number | undefined => (Math.abs(ms) <= MAX_TIME ? ms : undefined);

/**
 * From here on [assumed], a time is in ms and not in seconds, in µs, or in ns. Each unit begins in
 * 1973, where the one before ends in 5138.
 */
const SMALLEST_MS = 1e11;
const SMALLEST_US = 1e14;
const SMALLEST_NS = 1e17;

/**
 * Seconds from 2017 to 2106 [assumed]. Other small numbers are ms of a box whose clock began at
 * 1970 when it was switched on: these would be 17 to 49 days of it.
 */
const SECONDS_OF_OUR_TIME = { from: 1.5e9, to: 2 ** 32 };

/**
 * Whole ms since the Unix epoch, from a number of ms, or of s, µs or ns, going by its size.
 *
 * ms and smaller units are rounded down, and seconds to the nearest ms: a double of seconds may lie
 * a hair below the ms that it was made of. So may one of ns, which therefore goes by whole µs.
 */
export const instant = anything.transform((value) => {
  const number = asNumber(value);
  if (number === undefined) return undefined;
  const { from, to } = SECONDS_OF_OUR_TIME;
  return asDate(number >= from && number < to ? msOfSeconds(number) : msOf(number));
});

/** The same where the unit is seconds, which any number is that is too small for another. */
export const instantOfSeconds = anything.transform((value) => {
  const number = asNumber(value);
  if (number === undefined) return undefined;
  return asDate(Math.abs(number) < SMALLEST_MS ? msOfSeconds(number) : msOf(number));
});

const msOfSeconds = (seconds: number): number => Math.round(seconds * 1000);

function msOf(number: number): number {
  const size = Math.abs(number);
  if (size < SMALLEST_US) return Math.floor(number);
  return Math.floor((size < SMALLEST_NS ? number : Math.round(number / 1000)) / 1000);
}

/** An object; an array is none. */
export const object = anything.transform((value) => (isObject(value) ? value : undefined));
