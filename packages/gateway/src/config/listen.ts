import { isIPv4, isIPv6 } from 'node:net';

export interface ListenAddress {
  /** A name or an address; IPv6 without its brackets. */
  readonly host: string;
  /** 0 lets the system choose a free one. */
  readonly port: number;
}

export const LISTEN_FORM =
  'host:port, such as 127.0.0.1:4000, [::1]:4000, or 0.0.0.0:4000 for every interface';

const HOST_NAME = /^(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.?$/i;

/** Undefined when it is not a host and a port: an empty host is not taken for "everywhere". */
export function parseListen(text: string): ListenAddress | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) return undefined;
  const valid = bracketed === undefined ? isHost(host) && !isIPv6(host) : isIPv6(host);
  return valid ? { host, port } : undefined;
}

/** A host name, an IPv4 or an IPv6 address; without a scheme, a port or brackets. */
export const isHost = (text: string): boolean =>
  isIPv4(text) || isIPv6(text) || (HOST_NAME.test(text) && !/^[\d.]+$/.test(text));

/** Whether only this machine can reach what listens there. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
