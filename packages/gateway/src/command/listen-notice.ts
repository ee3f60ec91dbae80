import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { GatewayConfig } from '../config/config.ts';

const EVERY_INTERFACE = new Set(['0.0.0.0', '::']);

/**
 * What a check can't decide: the file may be for another machine, or for an interface that comes
 * up later.
 *
 * @returns undefined when this machine has the address to listen on, or a name stands for it.
 */
export function listenNotice({
  listen: { host },
}: Pick<GatewayConfig, 'listen'>): string | undefined {
  if (isIP(host) === 0 || EVERY_INTERFACE.has(host) || isOwn(host)) return undefined;
  return (
    `listen: no interface of this machine has ${host} now; ` +
    'the gateway starts only where one has it (0.0.0.0 means every interface)'
  );
}

/** All of 127.0.0.0/8 is the loopback interface's. */
function isOwn(host: string): boolean {
  if (host.startsWith('127.')) return true;
  const canonical = canonicalOf(host);
  return Object.values(networkInterfaces()).some((addresses = []) =>
    addresses.some(({ address }) => canonicalOf(address) === canonical),
  );
}

/** One writing for each address of IPv6; an interface's may bear a zone. */
function canonicalOf(address: string): string {
  const [bare = ''] = address.split('%', 1);
  return isIP(bare) === 6 ? new URL(`http://[${bare}]`).hostname : bare;
}
