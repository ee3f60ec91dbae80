import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import type { OfferedRole } from './roles.ts';

const files = sirv(fileURLToPath(new URL('../../dist', import.meta.url)), { single: false });

/**
 * The wall, as what a gateway answers beside its own routes. Tells the page which roles there are, with their
 * tokens: never in a file, an address or a log, and to no page but ours.
 */
export const servePage =
  (roles: readonly OfferedRole[]): RequestListener =>
  (request, response) => {
    if (request.url === '/roles.json') sendRoles(request, response, roles);
    else files(request, response);
  };

function sendRoles(
  { headers }: IncomingMessage,
  response: ServerResponse,
  roles: readonly OfferedRole[],
): void {
  // The gateway has judged the host. Browsers say this of every request to this machine.
  const isOurPage = (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin';
  response.setHeader('Cache-Control', 'no-store');
  if (isOurPage) response.setHeader('Content-Type', 'application/json').end(JSON.stringify(roles));
  else response.writeHead(403).end();
}
