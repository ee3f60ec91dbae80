import { domainToASCII } from 'node:url';
import { isUnspecified } from './host.ts';

export const PUBLIC_URL_FORM =
  'the http or https address that clients connect to, without user, query or fragment, such as https://faces.example.com';

/** The address without a slash at the end; undefined when it is none. */
export function parsePublicUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) return undefined;
  if (url.port === '0' || isUnspecified(url.hostname.replace(/^\[|\]$/g, ''))) return undefined;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

export const HOST_NAME_FORM =
  'a host name without scheme and port, such as se5-gateway.internal; each name by itself, for ' +
  'with * any page could make its own name point here and read faces (DNS rebinding)';

/** As `Host` names it: lower case, ASCII, without a dot at the end. Undefined when it is no name. */
export function parseHostName(text: string): string | undefined {
  // The function reads an address up to its host.
  if (/[/\\?#@:\s]/.test(text)) return undefined;
  const name = domainToASCII(text).replace(/\.$/, '');
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name) ? name : undefined;
}

export const ORIGIN_FORM =
  'an origin: scheme, host and, where it is not the usual one, port, such as https://desk.example.com; ' +
  'only the port may be *, such as http://localhost:*';

/** Ends an origin of which every port is meant. */
export const ANY_PORT = ':*';

/**
 * The origin as a browser sends it, or with `ANY_PORT` at its end; undefined when it is none.
 * `*` and `null` are nobody's origin.
 */
export function parseOrigin(text: string): string | undefined {
  if (!text.endsWith(ANY_PORT)) return parseOneOrigin(text);
  const host = text.slice(0, -ANY_PORT.length);
  const origin = /:\d*$/.test(host) ? undefined : parseOneOrigin(host);
  return origin === undefined ? undefined : `${origin}${ANY_PORT}`;
}

function parseOneOrigin(text: string): string | undefined {
  const origin = text.toLowerCase();
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\s?#@*]+$/.test(origin) || !URL.canParse(origin))
    return undefined;
  // Apps have schemes of their own (`capacitor://localhost`), for which URL knows no origin.
  return /^https?:/.test(origin) ? new URL(origin).origin : origin;
}
