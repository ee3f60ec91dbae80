import { z } from 'zod';
import { DURATION_FORM, parseDuration } from './duration.ts';
import { parseSize, SIZE_FORM } from './size.ts';

// The kinds of values that keys have. Each `error` is what the key allows: the end of
// "found 70000; allowed: a whole number …".

/** A map that has these keys and no other. */
export const section = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject(shape, { error: `a map of these keys: ${Object.keys(shape).join(', ')}` });

export const list = <Item extends z.ZodType>(item: Item, of: string) =>
  z.array(item, { error: `a list of ${of}` });

export const oneOf = <const Values extends readonly (string | number)[]>(...values: Values) =>
  z.literal(values, { error: values.join(', ').replace(/, (?!.*,)/, ' or ') });

/** Text that `parse` can read: undefined from it means that it can't. */
export const parsedText = <Value>(form: string, parse: (text: string) => Value | undefined) =>
  z.string({ error: form }).transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: form });
    return z.NEVER;
  });

export const checkedText = (form: string, check: (text: string) => boolean) =>
  z.string({ error: form }).refine(check, { error: form });

/** Digits as text too, for that is how a number comes out of the environment. */
export function wholeNumber(form: string, max = Number.MAX_SAFE_INTEGER) {
  const number = z.int({ error: form }).min(1, { error: form }).max(max, { error: form });
  const digits = z.string().regex(/^\d+$/).transform(Number).pipe(number);
  return z.union([number, digits], { error: form });
}

/** A number between two, or the text of one, for that is how a number comes out of the environment. */
export function numberFrom(form: string, least: number, most: number) {
  const number = z.number({ error: form }).min(least, { error: form }).max(most, { error: form });
  const decimal = z
    .string()
    .regex(/^\d+(?:\.\d+)?$/)
    .transform(Number)
    .pipe(number);
  return z.union([number, decimal], { error: form });
}

const within = (value: number | undefined, least: number, most: number): number | undefined =>
  value !== undefined && value >= least && value <= most ? value : undefined;

export const count = wholeNumber('a whole number above zero');
export const duration = parsedText(DURATION_FORM, parseDuration);
export const size = parsedText(SIZE_FORM, parseSize);

/** A duration between two, in ms. */
export const durationFrom = (form: string, leastMs: number, mostMs: number) =>
  parsedText(form, (text) => within(parseDuration(text), leastMs, mostMs));

/** A size between two, in bytes. */
export const sizeFrom = (form: string, least: number, most: number) =>
  parsedText(form, (text) => within(parseSize(text), least, most));

/** How long the gateway waits for a client, in ms. */
export const patience = durationFrom('a duration from 1s to 1h, such as 30s', 1_000, 3_600_000);
