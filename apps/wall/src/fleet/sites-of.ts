import type { Box, Site } from '@se5/client';

export interface SiteBoxes {
  readonly site: Site;
  readonly boxes: readonly Box[];
}

/** The sites in the order of their first boxes, each with its boxes. */
export function sitesOf(boxes: readonly Box[]): readonly SiteBoxes[] {
  const bySite = Map.groupBy(boxes, ({ site }) => site.id);
  return [...bySite.values()].flatMap((own) => (own[0] ? [{ site: own[0].site, boxes: own }] : []));
}
