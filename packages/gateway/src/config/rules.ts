import { z } from 'zod';
import { accessOutline, accessRules } from './access-rules.ts';
import { clusterRules } from './cluster-rules.ts';
import { DEFAULT_API_PORT, DEFAULT_EVENT_PORT } from './config.ts';
import type { Violation } from './problems.ts';
import { repeatedAddresses, repeatedIds } from './repeated.ts';
import { budgetsAgainstEachOther } from './slow-client-budgets.ts';
import { collidingKeys, collidingPlaces, unusablePlaces } from './unusable-places.ts';
import { watchOutline, watchRules } from './watch-rules.ts';

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
  journal: z.object({ path, nats: z.unknown().optional() }).catch({}),
  images: z.object({ path }).catch({}),
  privacy: z.object({ keys: path }).catch({}),
  cluster: z
    .object({ sites: z.array(text).catch([]).prefault([]) })
    .catch({ sites: [] })
    .prefault({}),
  access: accessOutline.prefault({}),
  slowClients: z.record(z.string(), z.unknown()).catch({}),
  watch: watchOutline,
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
  const { listen, sites, access, slowClients, journal, images, privacy, watch } = data;
  const places = { journal: journal.path, images: images.path, keys: privacy.keys };
  return [
    ...repeatedIds(sites),
    ...repeatedAddresses(sites, listen),
    ...collidingPlaces(places, folder ?? '.'),
    ...collidingKeys(places, folder ?? '.'),
    ...(folder === undefined ? [] : unusablePlaces(places, folder)),
    ...accessRules(listen, access),
    ...clusterRules(data),
    ...budgetsAgainstEachOther(slowClients),
    ...watchRules(sites, watch),
  ];
}
