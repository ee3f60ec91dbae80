import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { createNetworks } from '../config/network.ts';

const LOOPBACK = ['127.0.0.0/8', '::1'];

/** Groups of an IPv6 address that one customer has at least: any address of the /64 is the same client's. */
const GROUPS_OF_A_NETWORK = 4;

/** Tells clients apart by their addresses, those of IPv6 by their /64. */
export class ClientAddresses {
  readonly #isTrusted: (address: string) => boolean;

  /** @param proxies Addresses and networks whose `X-Forwarded-For` is believed, beside loopback. */
  constructor(proxies: readonly string[]) {
    this.#isTrusted = createNetworks([...LOOPBACK, ...proxies]).has;
  }

  /** Undefined for this machine or a proxy itself, as long as it forwards for nobody. */
  of({ socket, headers }: IncomingMessage): string | undefined {
    // Each proxy adds whom it forwards for at the end: the last that is no proxy of ours is right.
    return this.#last([
      ...String(headers['x-forwarded-for'] ?? '').split(','),
      socket.remoteAddress,
    ]);
  }

  /** Whoever is at the other end of a connection; undefined for this machine and for a proxy. */
  ofPeer(remoteAddress: string | undefined): string | undefined {
    return this.#last([remoteAddress]);
  }

  #last(addresses: readonly (string | undefined)[]): string | undefined {
    const address = addresses
      .map((text = '') => text.trim().replace(/^::ffff:(?=\d+\.)/i, ''))
      .findLast((candidate) => candidate !== '' && !this.#isTrusted(candidate));
    if (address === undefined) return undefined;
    return isIPv6(address) ? networkOf(address) : address;
  }
}

/** The /64 that an address is in, in one way of writing. */
function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = tail === undefined ? before : [...before, ...zeros, ...after];
  return groups
    .slice(0, GROUPS_OF_A_NETWORK)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
