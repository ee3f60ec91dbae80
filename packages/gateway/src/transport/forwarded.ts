import type { IncomingMessage } from 'node:http';

/**
 * Whom proxies say that they forward for, the nearest last: of `X-Forwarded-For`, else of
 * `Forwarded` (RFC 7239). A proxy that writes the first lets a client's own `Forwarded` through.
 */
export function forwardedFor({ headers }: Pick<IncomingMessage, 'headers'>): readonly string[] {
  const listed = headers['x-forwarded-for'];
  if (listed !== undefined) return String(listed).split(',');
  const { forwarded } = headers;
  return forwarded === undefined ? [] : elementsOf(forwarded).map(forOf);
}

/** A comma in quotes separates nothing. A quote that is not closed runs to the end. */
const elementsOf = (forwarded: string): string[] =>
  forwarded.match(/(?:"(?:\\.|[^"\\])*(?:"|\\?$)|[^,"])+/g) ?? [];

/** Nor does a semicolon: a client may write what it likes into the host that a proxy quotes. */
const pairsOf = (element: string): string[] =>
  element.match(/(?:"(?:\\.|[^"\\])*(?:"|\\?$)|[^;"])+/g) ?? [];

function forOf(element: string): string {
  for (const pair of pairsOf(element)) {
    const [, value] = /^\s*for=(".*|[^\s]*)/is.exec(pair) ?? [];
    if (value !== undefined) return value.trim().replace(/\\(.)/g, '$1');
  }
  return '';
}
