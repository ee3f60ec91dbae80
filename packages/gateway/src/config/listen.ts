import { isIPv4, isIPv6 } from 'node:net';
import { createNetworks, parseAddress } from './network.ts';

export interface ListenAddress {
  /** A name or an address; IPv6 without its brackets. */
  readonly host: string;
  /** 0 lets the system choose a free one. */
  readonly port: number;
}

export const LISTEN_FORM =
  'host:port, such as 127.0.0.1:4000, [::1]:4000, or 0.0.0.0:4000 for every interface';

/** Underscores are no part of a host's name by RFC 1123, but of names in container networks. */
const HOST_NAME = /^(?!-)(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?$/i;

/** What no connection can be made to: multicast, what is reserved, and broadcast. */
const NOBODY = createNetworks(['224.0.0.0/3', 'ff00::/8']);

/** Undefined when it is not a host and a port: an empty host is not taken for "everywhere". */
export function parseListen(text: string): ListenAddress | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) return undefined;
  const valid =
    bracketed === undefined ? isHost(host) && !isIPv6(host) : isAddress6(host) && isHost(host);
  return valid ? { host, port } : undefined;
}

/**
 * A host name, an IPv4 or an IPv6 address that stands in a URL as it is, and is one machine's;
 * without a scheme, a port or brackets. A zone (`%eth0`) can't stand in a URL.
 */
export function isHost(text: string): boolean {
  if (isIPv4(text) || isAddress6(text)) {
    const address = parseAddress(text);
    return address !== undefined && !NOBODY.has(address);
  }
  // Where the last part is a number, a URL is read as an address: `box.1` as none, `0x7f.1` as another.
  return HOST_NAME.test(text) && hostIn(`http://${text}`) === text.toLowerCase();
}

const isAddress6 = (text: string): boolean => isIPv6(text) && !text.includes('%');

const hostIn = (url: string): string | undefined =>
  URL.canParse(url) ? new URL(url).hostname : undefined;

/** Whether only this machine can reach what listens there. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
