import { isIP, isIPv4, isIPv6 } from 'node:net';
import { createNetworks, type IpAddress, parseAddress } from './network.ts';

/** Underscores are no part of a host's name by RFC 1123, but of names in container networks. */
const HOST_NAME = /^(?!-)(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?$/i;

/** What no connection can be made to: multicast, what is reserved, and broadcast. */
const NOBODY = createNetworks(['224.0.0.0/3', 'ff00::/8']);

/** "Every interface" to a server (RFC 1122, section 3.2.1.3); no client can connect to it. */
const UNSPECIFIED = createNetworks(['0.0.0.0/8', '::']);

const LOOPBACK = createNetworks(['127.0.0.0/8', '::1']);

/** The addresses that `localhost` may stand for. */
const LOCALHOST: readonly string[] = ['127.0.0.1', '::1'].map(canonicalOf);

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

/** Whether the text is an IPv6 address without a zone. */
export const isAddress6 = (text: string): boolean => isIPv6(text) && !text.includes('%');

const hostIn = (url: string): string | undefined =>
  URL.canParse(url) ? new URL(url).hostname : undefined;

/** Whether the host means every interface: `0.0.0.0`, `::`. A server may listen on it. */
export function isUnspecified(host: string): boolean {
  const address = addressOf(host);
  return address !== undefined && UNSPECIFIED.has(address);
}

/** Whether only this machine can reach what listens there. */
export function isLoopback(host: string): boolean {
  if (canonicalOf(host) === 'localhost') return true;
  const address = addressOf(host);
  return address !== undefined && LOOPBACK.has(address);
}

/**
 * The addresses or the name that a client of the host connects to, each in one spelling. A name is
 * not looked up, but `localhost` stands for both loopback addresses.
 */
export function targetsOf(host: string): readonly string[] {
  const canonical = canonicalOf(host);
  return canonical === 'localhost' ? LOCALHOST : [canonical];
}

/** The addresses that reach a server of this host from its own machine. */
export const ownTargetsOf = (host: string): readonly string[] =>
  isLoopback(host) || isUnspecified(host) ? [...LOCALHOST, canonicalOf(host)] : targetsOf(host);

function canonicalOf(host: string): string {
  return addressOf(host)?.toNormalizedString() ?? host.toLowerCase().replace(/\.$/, '');
}

/** Undefined for a name. */
function addressOf(host: string): IpAddress | undefined {
  return isIP(host) === 0 ? undefined : parseAddress(host);
}
