import type { IncomingMessage } from 'node:http';
import { splitOutsideQuotes } from './quoted-text.ts';

/**
 * Whom proxies say that they forward for, the nearest last: of `X-Forwarded-For`, else of
 * `Forwarded` (RFC 7239). A proxy that writes the first lets a client's own `Forwarded` through.
 */
export function forwardedFor({ headers }: Pick<IncomingMessage, 'headers'>): readonly string[] {
  const listed = headers['x-forwarded-for'];
  if (listed !== undefined) return String(listed).split(',');
  const { forwarded } = headers;
  return forwarded === undefined ? [] : splitOutsideQuotes(forwarded, ',').map(forOf);
}

/** A client may write anything into the host that a proxy quotes, semicolons too. */
function forOf(element: string): string {
  for (const pair of splitOutsideQuotes(element, ';')) {
    const [, value] = /^\s*for=(".*|[^\s]*)/is.exec(pair) ?? [];
    if (value !== undefined) return value.trim().replace(/\\(.)/g, '$1');
  }
  return '';
}
