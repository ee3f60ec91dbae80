import { once } from 'node:events';
import { createGateway, parseConfig } from '@se5/gateway';
import { z } from 'zod';
import { servePage } from './page.ts';
import { clusterRoles } from './roles.ts';

/*
 * One gateway of the demonstration's cluster, in a process of its own, so that it can be killed. It
 * ends with its parent.
 */

const orderSchema = z.object({ config: z.string(), alsoAt: z.array(z.int()) });

export type GatewayOrder = z.input<typeof orderSchema>;

process.on('disconnect', () => process.exit());
// Ctrl-C reaches all processes of the terminal; the parent ends this one in order.
process.on('SIGINT', () => {});

const [order] = (await once(process, 'message')) as unknown[];
const { config, alsoAt } = orderSchema.parse(order);
const gateway = await createGateway(parseConfig(config, { file: 'the demonstration' }), {
  fallback: servePage(clusterRoles(alsoAt)),
});
process.once('SIGTERM', () => {
  const exit = () => process.exit();
  gateway[Symbol.asyncDispose]().then(exit, exit);
});
process.send?.({ url: gateway.url });
