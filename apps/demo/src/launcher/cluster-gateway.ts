import { once } from 'node:events';
import { createGateway, parseConfig } from '@se5/gateway';
import { z } from 'zod';
import { demoWall } from './demo-wall.ts';
import { clusterRoles } from './roles.ts';
import { pastBackfill } from './with-past.ts';

/*
 * One gateway of the demonstration's cluster, in a process of its own, so that it can be killed. It
 * ends with its parent.
 */

const orderSchema = z.object({ config: z.string(), alsoAt: z.array(z.int()) });

export type GatewayOrder = z.input<typeof orderSchema>;

/** What the process says once: where it listens, or why it does not. */
export type GatewayAnswer =
  | { readonly kind: 'started'; readonly url: string }
  | { readonly kind: 'failed'; readonly code: string | null; readonly message: string };

const answer = (said: GatewayAnswer): unknown => process.send?.(said);

process.on('disconnect', () => process.exit());
// Ctrl-C reaches all processes of the terminal; the parent ends this one in order.
process.on('SIGINT', () => {});

const [order] = (await once(process, 'message')) as unknown[];
const { config, alsoAt } = orderSchema.parse(order);
try {
  const gateway = await createGateway(parseConfig(config, { file: 'the demonstration' }), {
    wall: demoWall(clusterRoles(alsoAt)),
    backfill: pastBackfill,
  });
  process.once('SIGTERM', () => {
    const exit = () => process.exit();
    gateway[Symbol.asyncDispose]().then(exit, exit);
  });
  answer({ kind: 'started', url: gateway.url });
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  answer({ kind: 'failed', code, message: String(error) });
}
