import type { IncomingMessage } from 'node:http';
import { createNetworks, type IpAddress, parseAddress } from '../config/network.ts';
import { forwardedFor } from './forwarded.ts';

const LOOPBACK = ['127.0.0.0/8', '::1'];

/** Groups of an IPv6 address that one customer has at least: any address of the /64 is the same client's. */
const GROUPS_OF_A_NETWORK = 4;

/** Of a name that a proxy gives instead of an address (`unknown`, `_hidden`), in characters. */
const MAX_NAME_LENGTH = 64;

/** Tells clients apart by their addresses, those of IPv6 by their /64. */
export class ClientAddresses {
  readonly #isTrusted: (address: IpAddress) => boolean;

  /** @param proxies Addresses and networks that are believed about whom they forward for, beside loopback. */
  constructor(proxies: readonly string[]) {
    this.#isTrusted = createNetworks([...LOOPBACK, ...proxies]).has;
  }

  /** Undefined for this machine or a proxy itself, as long as it forwards for nobody. */
  of(request: Pick<IncomingMessage, 'headers' | 'socket'>): string | undefined {
    // Each proxy adds whom it forwards for at the end: the last that is no proxy of ours is right.
    // Nobody but a proxy is believed, or so much as read.
    return this.ofPeer(request.socket.remoteAddress) ?? this.#last(forwardedFor(request));
  }

  /** Whoever is at the other end of a connection; undefined for this machine and for a proxy. */
  ofPeer(remoteAddress: string | undefined): string | undefined {
    return this.#last([remoteAddress ?? '']);
  }

  #last(texts: readonly string[]): string | undefined {
    for (const text of texts.toReversed()) {
      const name = text.trim();
      const address = parseAddress(name);
      if (address !== undefined) {
        if (!this.#isTrusted(address)) return networkOf(address);
      } else if (name !== '') {
        return name.slice(0, MAX_NAME_LENGTH);
      }
    }
    return undefined;
  }
}

/** The address of IPv4, or the /64 that one of IPv6 is in. */
const networkOf = (address: IpAddress): string =>
  'parts' in address
    ? address.parts
        .slice(0, GROUPS_OF_A_NETWORK)
        .map((group) => group.toString(16))
        .join(':')
    : address.toString();
