import { isIPv6 } from 'node:net';
import { isAddress6, isHost } from './host.ts';

export interface ListenAddress {
  /** A name or an address; IPv6 without its brackets. */
  readonly host: string;
  /** 0 lets the system choose a free one. */
  readonly port: number;
}

export const LISTEN_FORM =
  'host:port, such as 127.0.0.1:4000, [::1]:4000, or 0.0.0.0:4000 for every interface';

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
