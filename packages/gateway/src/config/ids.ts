import { z } from 'zod';

const ID_FORM = 'an id: text without "/" and white space (in quotes when it looks like a number)';

const idSchema = z.string({ error: ID_FORM }).regex(/^[^/\s]+$/, { error: ID_FORM });

export const siteIdSchema = idSchema.brand<'SiteId'>();
export type SiteId = z.infer<typeof siteIdSchema>;

export const boxIdSchema = idSchema.brand<'BoxId'>();
export type BoxId = z.infer<typeof boxIdSchema>;

/**
 * Whether an id of a device stands without its box. Since no box's id has a slash, an id with one
 * is `<box id>/<device id>`, whatever boxes call their devices.
 */
export const isBareId = (deviceId: string): boolean => !deviceId.includes('/');
