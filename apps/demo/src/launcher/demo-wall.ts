import type { WallOptions } from '@se5/gateway';
import type { OfferedRole } from './roles.ts';

/** Names by which a browser reaches the demonstration. */
const HOSTS = ['127.0.0.1', 'localhost'];

/**
 * The wall, with a choice of roles. Tells the page which there are, with their tokens: never in a
 * file, an address or a log, and to no page but ours.
 */
export const demoWall = (roles: readonly OfferedRole[]): WallOptions => ({
  gateways: roles.flatMap(originsOf),
  roles({ headers }, response) {
    // The gateway has judged the host. Browsers say this of every request to this machine.
    const isOurPage = (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin';
    response.setHeader('Cache-Control', 'no-store');
    if (!isOurPage) response.writeHead(403).end();
    else response.setHeader('Content-Type', 'application/json').end(JSON.stringify(roles));
  },
});

const originsOf = ({ gateway, alsoAt = [] }: OfferedRole): readonly string[] =>
  [...(gateway ? [gateway.port] : []), ...alsoAt].flatMap((port) =>
    HOSTS.map((host) => `http://${host}:${port}`),
  );
