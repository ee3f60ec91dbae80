import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

interface Network {
  readonly base: IpAddress;
  readonly prefix: number;
}

/** Bits in front of the IPv4 address in `::ffff:203.0.113.9`. */
const MAPPED_PREFIX = 96;

/**
 * Reads an IP address as sockets, `X-Forwarded-For` and `Forwarded` (RFC 7239, section 6) write it:
 * in quotes, in brackets, with a port, which may be empty (`203.0.113.9:50001`, `203.0.113.9:`,
 * `[2001:db8::1]:443`), with a zone (`fe80::1%eth0`, which is dropped). An IPv4 address inside IPv6
 * (`::ffff:cb00:7109`) becomes IPv4. Undefined for anything else.
 */
export function parseAddress(text: string): IpAddress | undefined {
  const [, bracketed, plain] =
    /^"?(?:\[([^\]"]*)\](?::[\w.-]*)?|([^[\]"]*))"?$/.exec(text.trim()) ?? [];
  const address = bracketed ?? plain?.replace(/^([\d.]+):[\w.-]*$/, '$1');
  // The library takes more than an address: `127.1`, `0x7f.0.0.1`.
  return address === undefined || isIP(address) === 0
    ? undefined
    : ipaddr.process(address.replace(/%.*$/, ''));
}

/** `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`. */
export const isNetwork = (text: string): boolean => parseNetwork(text) !== undefined;

/**
 * The addresses of all these networks.
 *
 * @throws {TypeError} for text that is not a network.
 */
export function createNetworks(texts: readonly string[]): {
  readonly has: (address: IpAddress) => boolean;
} {
  const networks = texts.map((text) => {
    const network = parseNetwork(text);
    if (network === undefined) throw new TypeError(`${text} is not a network`);
    return network;
  });
  return { has: (address) => networks.some((network) => contains(network, address)) };
}

function parseNetwork(text: string): Network | undefined {
  const [address = '', digits, ...rest] = text.split('/');
  if (rest.length > 0 || isIP(address) === 0 || address.includes('%')) return undefined;
  const base = ipaddr.parse(address);
  const bits = base.toByteArray().length * 8;
  const prefix = digits === undefined ? bits : Number(digits);
  if ((digits !== undefined && !/^\d{1,3}$/.test(digits)) || prefix > bits) return undefined;
  return base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress() && prefix >= MAPPED_PREFIX
    ? { base: base.toIPv4Address(), prefix: prefix - MAPPED_PREFIX }
    : { base, prefix };
}

function contains({ base, prefix }: Network, address: IpAddress): boolean {
  if (base instanceof ipaddr.IPv4) {
    return address instanceof ipaddr.IPv4 && address.match(base, prefix);
  }
  return address instanceof ipaddr.IPv6 && address.match(base, prefix);
}
