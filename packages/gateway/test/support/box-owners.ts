import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Gateway } from '../../src/gateway.ts';
import { post } from './gateways.ts';
import { found } from './until.ts';

const boxesSchema = z.object({
  data: z.object({
    boxes: z.array(
      z.object({
        id: z.string(),
        gateway: z.string().nullable(),
        link: z.object({ state: z.string() }),
        devices: z.array(z.object({ id: z.string() })),
      }),
    ),
  }),
});

const BOXES = '{ boxes { id gateway link { state } devices { id } } }';

export const boxesOf = async ({ url }: Pick<Gateway, 'url'>) =>
  boxesSchema.parse(await (await post(url, BOXES)).json()).data.boxes;

/** Who listens to each box, once all links are up and the gateway knows it. */
export const owners = (gateway: Pick<Gateway, 'url'>): Promise<Map<string, string>> =>
  found(async () => {
    const boxes = await boxesOf(gateway);
    const isKnown = boxes.every(
      ({ gateway: owner, link, devices }) =>
        owner !== null && link.state === 'LIVE' && devices.length > 0,
    );
    return isKnown ? new Map(boxes.map(({ id, gateway: owner }) => [id, owner ?? ''])) : undefined;
  });

/** The same once each of these gateways listens to some box, and no other one does. */
export const sharedBy = (gateway: Pick<Gateway, 'url'>, names: readonly string[]) =>
  found(async () => {
    const now = await owners(gateway);
    return isDeepStrictEqual(new Set(now.values()), new Set(names)) ? now : undefined;
  });
