import { z } from 'zod';

const idSchema = z
  .string()
  .min(1)
  .regex(/^[^/\s]+$/, 'an id holds no "/" and no white space');

export const siteIdSchema = idSchema.brand<'SiteId'>();
export type SiteId = z.infer<typeof siteIdSchema>;

export const boxIdSchema = idSchema.brand<'BoxId'>();
export type BoxId = z.infer<typeof boxIdSchema>;
