import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { GatewayConfig } from '../config/config.ts';
import { ANY_PORT } from '../config/origin.ts';

/** By which names the gateway may be called, and whose pages may ask. */
export interface OriginPolicy {
  /** Lower case, without port; any IP address is one too. */
  readonly hostNames: ReadonlySet<string>;
  /** As browsers send them, or with `ANY_PORT` in the place of the port. */
  readonly origins: ReadonlySet<string>;
  /** That of `publicUrl`: its pages are our own, whatever Host a proxy sends. */
  readonly publicOrigin: string | undefined;
}

export type OriginVerdict =
  /** One of our own pages, or no browser at all. */
  | { readonly kind: 'own' }
  /** A page of another origin that may ask, and read the answer. */
  | { readonly kind: 'listed'; readonly origin: string }
  /** 421: not a name of ours. 403: not an origin that may ask. */
  | { readonly kind: 'refused'; readonly status: 403 | 421; readonly message: string };

export function createOriginPolicy(
  {
    listen,
    publicUrl,
    hosts,
    origins,
  }: Pick<GatewayConfig, 'listen' | 'publicUrl' | 'hosts' | 'origins'>,
  machineName = hostname(),
): OriginPolicy {
  const own = publicUrl === undefined ? [] : [new URL(publicUrl)];
  return {
    hostNames: new Set([
      'localhost',
      machineName.toLowerCase(),
      listen.host.toLowerCase(),
      ...own.map((url) => url.hostname),
      ...hosts,
    ]),
    origins: new Set([...own.map((url) => url.origin), ...origins]),
    publicOrigin: own[0]?.origin,
  };
}

/**
 * Whether a request may be answered, by what browsers say of it. Keeps out the pages of other
 * origins, and names that were made to point at us (DNS rebinding); whoever is no browser can
 * say anything here, and is kept out by the token.
 */
export function judgeOrigin(policy: OriginPolicy, headers: IncomingHttpHeaders): OriginVerdict {
  return isOwnHost(policy, headers.host)
    ? judgePage(policy, headers)
    : refusedHost(headers.host ?? '');
}

/** As `judgeOrigin`, by whatever name the gateway is called: that a scrape may make up. */
export function judgePage(policy: OriginPolicy, headers: IncomingHttpHeaders): OriginVerdict {
  const { origin, host = '' } = headers;
  if (origin !== undefined) {
    if (isListed(policy, origin)) return { kind: 'listed', origin };
    return hasHost(origin, host) ? { kind: 'own' } : refusedOrigin(origin);
  }

  // Plain links and pictures come without Origin; the page that shows them is in Referer.
  const page = originOf(headers.referer);
  if (page !== undefined && isListed(policy, page)) return { kind: 'listed', origin: page };
  const isForeign = isCrossing(headers) || (page !== undefined && !hasHost(page, host));
  return isForeign && !isTopLevelNavigation(headers) ? refusedOrigin(page) : { kind: 'own' };
}

/**
 * Whether a request that reads by GET may be answered, where even an answer that the page can't
 * read does harm: a subscription makes boxes send pictures. Beyond `judgeOrigin`, no page may
 * navigate here, and a browser has to tell where the request is from. Browsers tell by
 * `Sec-Fetch-Site` only hosts that they trust (HTTPS, or this machine); on plain HTTP a foreign
 * page can keep its address out of `Referer`, while our own pages and EventSources say theirs.
 */
export function judgeRead(policy: OriginPolicy, headers: IncomingHttpHeaders): OriginVerdict {
  const verdict = judgeOrigin(policy, headers);
  if (verdict.kind !== 'own' || headers.origin !== undefined) return verdict;
  if (isCrossing(headers)) return refusedOrigin(originOf(headers.referer));
  const tells = headers['sec-fetch-site'] !== undefined || headers.referer !== undefined;
  return tells || !isBrowser(headers) ? verdict : refusedOrigin(undefined);
}

/**
 * Whether a cookie of the request counts: browsers add it whoever makes them ask. It counts for our
 * own pages alone. Pages of listed origins show a token themselves; those on the same host with
 * another port would else have the rights of whoever is logged in here (`SameSite` tells sites
 * apart, not origins). Where an answer that can't be read does harm, by POST or on a WebSocket,
 * the page has to be named: browsers put Origin there.
 */
export function mayUseCookie(
  { publicOrigin }: OriginPolicy,
  verdict: OriginVerdict,
  { origin, upgrade }: IncomingHttpHeaders,
  method = 'GET',
): boolean {
  if (verdict.kind === 'refused') return false;
  if (verdict.kind === 'listed') return verdict.origin === publicOrigin;
  const isRead = (method === 'GET' || method === 'HEAD') && upgrade === undefined;
  return isRead || origin !== undefined;
}

/** https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header */
const isCrossing = (headers: IncomingHttpHeaders): boolean =>
  /^(?:cross-site|same-site)$/.test(headers['sec-fetch-site']?.toString() ?? '');

/**
 * The user follows a link: what comes is shown to the user, and the page before gets nothing.
 * Where the browser says nothing of it, only navigation asks for HTML by itself.
 */
const isTopLevelNavigation = (headers: IncomingHttpHeaders): boolean =>
  headers['sec-fetch-mode'] === undefined
    ? headers.accept?.includes('text/html') === true
    : headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';

/** All browsers say so, and no page can change it in a request that goes without Origin. */
const isBrowser = (headers: IncomingHttpHeaders): boolean =>
  headers['user-agent']?.startsWith('Mozilla/') === true;

/** An address can't be rebound, a name can. No browser leaves Host out: HTTP/1.0 alone may. */
function isOwnHost(policy: OriginPolicy, host: string | undefined): boolean {
  if (host === undefined) return true;
  if (!/^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d*)?$/i.test(host)) return false;
  const name = hostNameOf(host);
  return isIP(name) !== 0 || policy.hostNames.has(name);
}

const hostNameOf = (host: string): string =>
  host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();

const isListed = ({ origins }: OriginPolicy, origin: string): boolean =>
  origins.has(origin) || origins.has(`${origin.replace(/:\d+$/, '')}${ANY_PORT}`);

/** Whether the origin is that host and port; the port may be left out where it is the usual one. */
function hasHost(origin: string, host: string): boolean {
  if (!/^https?:/.test(origin) || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  return (
    URL.canParse(`${protocol}//${host}`) && new URL(`${protocol}//${host}`).host === originHost
  );
}

const originOf = (url: string | undefined): string | undefined =>
  url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;

/** What a stranger sends may be long. */
const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));

const refusedHost = (host: string): OriginVerdict => ({
  kind: 'refused',
  status: 421,
  message:
    `This gateway does not answer to the host ${quoted(host)}. Ask by its address, or ` +
    'list this name in hosts, or make it the host of publicUrl, in the gateway’s configuration.',
});

const refusedOrigin = (origin: string | undefined): OriginVerdict => ({
  kind: 'refused',
  status: 403,
  message:
    origin === undefined || origin === 'null'
      ? 'Pages that do not say their origin may not ask this gateway. Ask by POST, or by a page ' +
        'that sends Origin or Referer.'
      : `Pages of ${quoted(origin)} may not ask this gateway. To allow them, add that ` +
        'origin to origins in the gateway’s configuration.',
});
