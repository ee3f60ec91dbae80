import { z } from 'zod';
import { BoxError } from './errors.ts';
import type { JsonValue } from './json.ts';
import { text } from './wire.ts';

/** A code or a name of one. Free text does not count: it can hold an address with its password. */
const symbol = text.transform((value) => (/^[\w-]{1,64}$/.test(value ?? '') ? value : undefined));

/**
 * `{"error":{"code":40003,"message":"…","status":"PARAM_ERROR"}}` [vendor]; v6 has the symbol as
 * its code.
 */
const envelopeSchema = z.object({ error: z.object({ code: symbol, status: symbol }) });

/**
 * The refusal that an HTTP answer is, if it is the error envelope: BOX_REFUSED with `boxCode`,
 * and without the envelope's message.
 *
 * @param status the HTTP status, whatever it is: it goes along.
 */
export function refusalIn(answer: JsonValue, status: number): BoxError | undefined {
  const { data: envelope } = envelopeSchema.safeParse(answer);
  if (envelope === undefined) return undefined;
  const { code: boxCode, status: meaning } = envelope.error;
  const named = boxCode === undefined ? 'without a code' : boxCode;
  return new BoxError(
    'BOX_REFUSED',
    `The box refused: error ${named}${meaning === undefined ? '' : ` (${meaning})`}, HTTP ${status}`,
    { status, ...(boxCode !== undefined && { boxCode }) },
  );
}
