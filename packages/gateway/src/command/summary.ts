import type { GatewayConfig } from '../config/config.ts';

/** `2 sites, 1 box` */
export function summaryOf({ sites }: GatewayConfig): string {
  const boxes = sites.reduce((sum, site) => sum + site.boxes.length, 0);
  return `${sites.length} ${sites.length === 1 ? 'site' : 'sites'}, ${boxes} ${boxes === 1 ? 'box' : 'boxes'}`;
}
