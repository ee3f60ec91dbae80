import { z } from 'zod';

const ID_FORM = 'an id: text without "/" and white space (in quotes when it looks like a number)';

const idSchema = z.string({ error: ID_FORM }).regex(/^[^/\s]+$/, { error: ID_FORM });

export const siteIdSchema = idSchema.brand<'SiteId'>();
export type SiteId = z.infer<typeof siteIdSchema>;

export const boxIdSchema = idSchema.brand<'BoxId'>();
export type BoxId = z.infer<typeof boxIdSchema>;
