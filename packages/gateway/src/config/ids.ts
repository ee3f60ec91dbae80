import { deviceIdSchema, MAX_NAME_LENGTH } from '@se5/core';
import { z } from 'zod';

const QUOTES = '(in quotes when it looks like a number)';
const ID_FORM = `an id: text of at most ${MAX_NAME_LENGTH} characters without "/" and white space ${QUOTES}`;
const DEVICE_ID_FORM = `the id of a device: text of 1 to ${MAX_NAME_LENGTH} characters ${QUOTES}`;

const idSchema = z
  .string({ error: ID_FORM })
  .max(MAX_NAME_LENGTH, { error: ID_FORM })
  .regex(/^[^/\s]+$/, { error: ID_FORM });

export const siteIdSchema = idSchema.brand<'SiteId'>();
export type SiteId = z.infer<typeof siteIdSchema>;

export const boxIdSchema = idSchema.brand<'BoxId'>();
export type BoxId = z.infer<typeof boxIdSchema>;

/** Of a box, whose events are not read when the id of their device is longer. */
export const configuredDeviceIdSchema = z
  .string({ error: DEVICE_ID_FORM })
  .min(1, { error: DEVICE_ID_FORM })
  .max(MAX_NAME_LENGTH, { error: DEVICE_ID_FORM })
  .pipe(deviceIdSchema);

/** Of a watch rule: alarms name their rule by it. */
export const ruleIdSchema = idSchema;
