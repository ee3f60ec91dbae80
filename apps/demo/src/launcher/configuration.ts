import type { Simulator } from '@se5/simulator';
import { demoSites } from './sites.ts';
import { demoRules } from './watch.ts';

/**
 * A configuration file of the demonstration: JSON is YAML, so it goes through the same door as
 * anybody's file.
 */
export const configuration = (
  port: number,
  simulators: ReadonlyMap<string, Simulator>,
  more: object = {},
): string =>
  JSON.stringify({
    listen: `127.0.0.1:${port}`,
    journal: { path: 'memory' },
    ...more,
    // A page that somebody writes against the demonstration is served on a port of its own.
    origins: ['http://localhost:*', 'http://127.0.0.1:*'],
    watch: demoRules,
    sites: demoSites.map((site) => ({
      ...site,
      boxes: site.boxes.map(({ id, name }) => ({
        id,
        name,
        host: simulators.get(id)?.host,
        eventPort: simulators.get(id)?.eventPort,
        apiPort: simulators.get(id)?.apiPort,
      })),
    })),
  });
