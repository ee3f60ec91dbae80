import { z } from 'zod';
import { isLoopback, parseListen } from './listen.ts';

interface Violation {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** As much of the file as the rules look at; what is not of the right kind is as if it were absent. */
const idOnly = { id: z.string().optional().catch(undefined) };
const outlineSchema = z.object({
  listen: z.string().optional().catch(undefined),
  sites: z
    .array(
      z
        .object({ ...idOnly, boxes: z.array(z.object(idOnly).catch({ id: undefined })).catch([]) })
        .catch({ id: undefined, boxes: [] }),
    )
    .catch([]),
  access: z.object({ token: z.unknown().optional(), insecure: z.unknown().optional() }).catch({}),
});

/**
 * What must hold between keys. Asked of any value, valid or not, so that all the problems of
 * a file can be listed at once.
 */
export function brokenRules(value: unknown): readonly Violation[] {
  const { success, data } = outlineSchema.safeParse(value);
  if (!success) return [];
  const { listen, sites, access } = data;
  const siteIds = sites.map(({ id }, site) => ({ id, path: ['sites', site, 'id'] }));
  const boxIds = sites.flatMap(({ boxes }, site) =>
    boxes.map(({ id }, box) => ({ id, path: ['sites', site, 'boxes', box, 'id'] })),
  );
  return [
    ...repeated(siteIds, 'another site'),
    ...repeated(boxIds, 'another box'),
    ...openListening(listen, access),
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
