import { MEMORY_ONLY } from './config.ts';
import type { Violation } from './problems.ts';

interface ClusterOutline {
  readonly sites: readonly { readonly id?: string | undefined }[];
  readonly journal: { readonly path?: string | undefined; readonly nats?: unknown };
  readonly images: { readonly path?: string | undefined };
  readonly cluster: { readonly sites: readonly (string | undefined)[] };
}

/** What must hold for a gateway that shares its log with others. */
export const clusterRules = ({ sites, journal, images, cluster }: ClusterOutline): Violation[] => [
  ...unknownSites(sites, cluster.sites),
  ...(journal.nats === undefined
    ? []
    : [
        ...inMemory('journal', journal.path, 'a copy of the log in a file; name a file'),
        ...inMemory('images', images.path, 'pictures in a folder; name a folder'),
      ]),
];

function inMemory(section: 'journal' | 'images', path: string | undefined, needed: string) {
  if (path !== MEMORY_ONLY) return [];
  const message = `found "${MEMORY_ONLY}", but with journal.nats each gateway keeps ${needed}`;
  return [{ path: [section, 'path'], message }];
}

function unknownSites(
  sites: ClusterOutline['sites'],
  reached: readonly (string | undefined)[],
): Violation[] {
  const known = sites.flatMap(({ id }) => id ?? []);
  return reached.flatMap((site, index) => {
    if (site === undefined || known.includes(site)) return [];
    const message = `no site has this id, so its boxes would be nobody’s; sites has: ${known.join(', ') || 'none yet'}`;
    return [{ path: ['cluster', 'sites', index], message }];
  });
}
