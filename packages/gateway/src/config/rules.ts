import { z } from 'zod';
import { DEFAULT_API_PORT, DEFAULT_EVENT_PORT } from './config.ts';
import { isLoopback } from './host.ts';
import { parseListen } from './listen.ts';
import type { Violation } from './problems.ts';
import { repeatedAddresses, repeatedIds } from './repeated.ts';
import { budgetsAgainstEachOther } from './slow-client-budgets.ts';
import { collidingPlaces, unusablePlaces } from './unusable-places.ts';

/** As much of the file as the rules look at; what is not of the right kind is as if it were absent. */
const text = z.string().optional().catch(undefined);
const path = z.string().min(1).optional().catch(undefined);
const portOr = (otherwise: number) =>
  z.coerce.number().min(1).max(65_535).optional().catch(undefined).prefault(otherwise);
const boxSchema = z.object({
  id: text,
  host: text,
  eventPort: portOr(DEFAULT_EVENT_PORT),
  apiPort: portOr(DEFAULT_API_PORT),
  devices: z.array(text).catch([]).prefault([]),
});
const siteSchema = z.object({
  id: text,
  boxes: z.array(boxSchema.catch(boxSchema.parse({}))).catch([]),
});
const outlineSchema = z.object({
  listen: text,
  sites: z.array(siteSchema.catch({ id: undefined, boxes: [] })).catch([]),
  journal: z.object({ path }).catch({}),
  images: z.object({ path }).catch({}),
  access: z.object({ token: z.unknown().optional(), insecure: z.unknown().optional() }).catch({}),
  slowClients: z.record(z.string(), z.unknown()).catch({}),
});

/**
 * What must hold between keys, and between the file and the disk. Asked of any value, valid or
 * not, so that all the problems of a file can be listed at once.
 *
 * @param folder from which relative paths count. Undefined: the working directory, and whether
 *   the paths can be used is not asked.
 */
export function brokenRules(value: unknown, folder: string | undefined): readonly Violation[] {
  const { success, data } = outlineSchema.safeParse(value);
  if (!success) return [];
  const { listen, sites, access, slowClients, journal, images } = data;
  const places = { journal: journal.path, images: images.path };
  return [
    ...repeatedIds(sites),
    ...repeatedAddresses(sites, listen),
    ...collidingPlaces(places, folder ?? '.'),
    ...(folder === undefined ? [] : unusablePlaces(places, folder)),
    ...openListening(listen, access),
    ...budgetsAgainstEachOther(slowClients),
  ];
}

function openListening(
  listen: string | undefined,
  { token, insecure }: { readonly token?: unknown; readonly insecure?: unknown },
): Violation[] {
  if (token !== undefined && insecure === true) {
    return [{ path: ['access'], message: 'found token and insecure: true; remove one of them' }];
  }
  const address = listen === undefined ? undefined : parseListen(listen);
  if (address === undefined || isLoopback(address.host)) return [];
  if (token !== undefined || insecure === true) return [];
  return [
    {
      path: ['listen'],
      message:
        'other machines can reach this address, and nothing keeps them from seeing faces; set ' +
        'access.token, or listen on 127.0.0.1, or write access.insecure: true to accept that',
    },
  ];
}
