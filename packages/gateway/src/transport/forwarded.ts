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

const forOf = (element: string): string =>
  /(?:^|;)\s*for=("(?:\\.|[^"\\])*(?:"|\\?$)|[^;\s]*)/i
    .exec(element)?.[1]
    ?.replace(/\\(.)/g, '$1') ?? '';
