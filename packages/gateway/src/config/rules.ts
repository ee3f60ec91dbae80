import { z } from 'zod';
import { isLoopback, parseListen } from './listen.ts';
import { parseSize } from './size.ts';
import { DEFAULT_SLOW_CLIENTS } from './slow-clients.ts';

interface Violation {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** As much of the file as the rules look at; what is not of the right kind is as if it were absent. */
const text = z.string().optional().catch(undefined);
const idOnly = { id: text };
const outlineSchema = z.object({
  listen: text,
  sites: z
    .array(
      z
        .object({ ...idOnly, boxes: z.array(z.object(idOnly).catch({ id: undefined })).catch([]) })
        .catch({ id: undefined, boxes: [] }),
    )
    .catch([]),
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
  const { listen, sites, access, slowClients } = data;
  const siteIds = sites.map(({ id }, site) => ({ id, path: ['sites', site, 'id'] }));
  const boxIds = sites.flatMap(({ boxes }, site) =>
    boxes.map(({ id }, box) => ({ id, path: ['sites', site, 'boxes', box, 'id'] })),
  );
  return [
    ...repeated(siteIds, 'another site'),
    ...repeated(boxIds, 'another box'),
    ...openListening(listen, access),
    ...budgetsAgainstEachOther(slowClients),
  ];
}

function repeated(
  entries: readonly { readonly id: string | undefined; readonly path: readonly PropertyKey[] }[],
  whose: string,
): Violation[] {
  const seen = new Set<string>();
  return entries.flatMap(({ id, path }) => {
    if (id === undefined) return [];
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ path, message: `found ${JSON.stringify(id)}, which ${whose} has; ids are unique` }];
  });
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
