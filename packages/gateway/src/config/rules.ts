import { resolve } from 'node:path';
import { z } from 'zod';
import { DEFAULT_API_PORT, DEFAULT_EVENT_PORT, MEMORY_ONLY } from './config.ts';
import { isLoopback, parseListen } from './listen.ts';
import { repeatedAddresses, repeatedIds } from './repeated.ts';
import { parseSize } from './size.ts';
import { DEFAULT_SLOW_CLIENTS } from './slow-clients.ts';

interface Violation {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** As much of the file as the rules look at; what is not of the right kind is as if it were absent. */
const text = z.string().optional().catch(undefined);
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
  journal: z.object({ path: text }).catch({}),
  images: z.object({ path: text }).catch({}),
  access: z.object({ token: z.unknown().optional(), insecure: z.unknown().optional() }).catch({}),
  slowClients: z.object({ softBytes: text, hardBytes: text }).catch({}),
});

/**
 * What must hold between keys. Asked of any value, valid or not, so that all the problems of
 * a file can be listed at once.
 */
export function brokenRules(value: unknown): readonly Violation[] {
  const { success, data } = outlineSchema.safeParse(value);
  if (!success) return [];
  const { listen, sites, access, slowClients, journal, images } = data;
  return [
    ...repeatedIds(sites),
    ...repeatedAddresses(sites, listen),
    ...oneFileForTwo(journal.path, images.path),
    ...openListening(listen, access),
    ...budgetsAgainstEachOther(slowClients),
  ];
}

function oneFileForTwo(journal: string | undefined, images: string | undefined): Violation[] {
  if (journal === undefined || images === undefined || images === MEMORY_ONLY) return [];
  if (resolve(journal) !== resolve(images)) return [];
  const message = `found ${JSON.stringify(images)}, which journal.path is too; name a folder of its own`;
  return [{ path: ['images', 'path'], message }];
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

function budgetsAgainstEachOther({
  softBytes,
  hardBytes,
}: {
  readonly softBytes?: string | undefined;
  readonly hardBytes?: string | undefined;
}): Violation[] {
  const soft = sizeOf(softBytes, DEFAULT_SLOW_CLIENTS.softBytes);
  const hard = sizeOf(hardBytes, DEFAULT_SLOW_CLIENTS.hardBytes);
  // What is no size is told by itself.
  if (soft === undefined || hard === undefined || soft <= hard) return [];
  const found = `found softBytes of ${soft} bytes and hardBytes of ${hard}`;
  const advice = 'hardBytes is at least softBytes: raise the one, or lower the other';
  return [{ path: ['slowClients'], message: `${found}; ${advice}` }];
}

const sizeOf = (written: string | undefined, otherwise: number): number | undefined =>
  written === undefined ? otherwise : parseSize(written);
