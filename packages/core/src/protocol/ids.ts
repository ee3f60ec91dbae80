import { z } from 'zod';

/**
 * The id that a box gives one of its devices (a camera, a gate): a UUID in the vendor's
 * examples, any non-empty string here. Unique within its box only.
 */
export const deviceIdSchema = z.string().min(1).brand<'DeviceId'>();
export type DeviceId = z.infer<typeof deviceIdSchema>;

/** @throws {z.ZodError} when the text is empty. */
export const toDeviceId = (text: string): DeviceId => deviceIdSchema.parse(text);
