import { z } from 'zod';
import { attackSchema } from './attack.ts';
import { tallySchema } from './tally.ts';

/** Where hostile clients find the gateway, and what they know of it. */
export const targetSchema = z.object({
  port: z.number(),
  token: z.string(),
  /** `<box id>/<device id>` of the honest boxes. */
  deviceIds: z.array(z.string()),
});

export type Target = z.infer<typeof targetSchema>;

/** What a process of attackers is told. */
export const orderSchema = z.object({ attack: attackSchema, target: targetSchema });

export type Order = z.infer<typeof orderSchema>;

/** Where a hostile box listens. */
export const hostilePortsSchema = z.object({
  id: z.string(),
  eventPort: z.number(),
  apiPort: z.number(),
});

export type HostilePorts = z.infer<typeof hostilePortsSchema>;

/** What it tells: that it can begin, and how each attack went. */
export const newsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), boxes: z.array(hostilePortsSchema) }),
  z.object({ kind: z.literal('done'), attack: attackSchema, counts: tallySchema }),
  z.object({ kind: z.literal('failed'), attack: attackSchema, error: z.string() }),
]);

export type News = z.infer<typeof newsSchema>;
