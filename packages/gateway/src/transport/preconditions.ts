import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendFault } from './http-fault.ts';

/** `not modified`: the client has it. `failed`: the client wants another one, or none. */
export type Condition = 'met' | 'not modified' | 'failed';

/**
 * Evaluates the conditions of a GET or HEAD (RFC 9110, section 13.2.2). There are no dates of last
 * modification here, so that conditions by date are ignored.
 *
 * @param tag in quotes, strong.
 */
export function conditionOf({ headers }: IncomingMessage, tag: string): Condition {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !tagsOf(ifMatch).some((each) => each === tag || each === '*')) {
    return 'failed';
  }
  // A weak tag is good enough for a client that asks whether its copy is still right.
  return tagsOf(headers['if-none-match']).some((each) => [tag, `W/${tag}`, '*'].includes(each))
    ? 'not modified'
    : 'met';
}

export function sendUnmet(response: ServerResponse, condition: Exclude<Condition, 'met'>): void {
  if (condition === 'not modified') {
    response.writeHead(304).end();
    return;
  }
  const message = 'The resource does not match If-Match.';
  sendFault(response, { status: 412, code: 'PRECONDITION_FAILED', message });
}

/** A comma may be inside a tag. */
const tagsOf = (header = ''): readonly string[] => header.match(/\*|(?:W\/)?"[^"]*"/g) ?? [];
