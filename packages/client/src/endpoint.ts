import { ClientError } from './errors.ts';
import { platform } from './platform.ts';

/** Where a gateway's doors are. */
export interface Endpoint {
  /** Without a slash at the end. */
  readonly base: string;
  readonly http: string;
  readonly webSocket: string;
}

/**
 * @param url `http(s)://host[:port][/path]`, or a path, or nothing: then of the page's own origin.
 *   `/graphql` at its end is that of the door itself.
 * @throws {ClientError} INVALID_ARGUMENT.
 */
export function resolveEndpoint(url: string): Endpoint {
  const base = absolute(url).replace(/(?:\/graphql)?\/*$/, '');
  return { base, http: `${base}/graphql`, webSocket: `${base.replace(/^http/i, 'ws')}/graphql` };
}

function absolute(url: string): string {
  if (/^https?:\/\/[^/?#]+[^?#]*$/i.test(url)) return url;
  const origin = platform.location?.origin;
  if (/^(\/(?!\/)[^?#]*)?$/.test(url) && origin !== undefined && /^https?:/.test(origin)) {
    return `${origin}${url}`;
  }
  throw new ClientError(
    'INVALID_ARGUMENT',
    `"${url}" is not the address of a gateway: pass http://host:port` +
      (origin === undefined ? '; a relative one needs a page.' : ', or relative to this page.'),
  );
}
