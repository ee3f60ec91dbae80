import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import Negotiator from 'negotiator';
import { Thread } from '../thread/thread.ts';
import type { GraphiQLPage } from './graphiql-page.ts';
import type { GraphiQLMethods } from './graphiql-thread.ts';
import { sendFault } from './http-fault.ts';
import { conditionOf, sendUnmet } from './preconditions.ts';

const NOT_ACCEPTED =
  'The page is sent compressed only: accept gzip. A GraphQL client asks by POST, or accepts JSON.';

/** A client that says nothing takes any coding; `x-gzip` is gzip (RFC 9110, 12.5.3 and 8.4.1.3). */
const acceptsGzip = (request: IncomingMessage): boolean =>
  request.headers['accept-encoding'] === undefined ||
  new Negotiator(request).encodings(['gzip', 'x-gzip']).length > 0;

/**
 * Serves the page to try queries on, which needs nothing from any other host. A thread of its own
 * prepares it when somebody first asks; from then on all browsers share its bytes, so that a
 * browser that does not read them takes no memory of ours.
 */
export class GraphiQL implements AsyncDisposable {
  #page: Promise<GraphiQLPage> | undefined;
  #thread: Thread<GraphiQLMethods> | undefined;

  async send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { gzipped, etag, contentSecurityPolicy } = await this.#prepared();
    response.appendHeader('Vary', 'Accept-Encoding');
    if (!acceptsGzip(request)) {
      sendFault(response, { status: 406, code: 'BAD_USER_INPUT', message: NOT_ACCEPTED });
      return;
    }
    // A browser keeps the page, and asks each time whether it is still the same.
    response.setHeader('Cache-Control', 'private, no-cache');
    response.setHeader('ETag', etag);
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    const condition = conditionOf(request, etag);
    if (condition !== 'met') {
      sendUnmet(response, condition);
      return;
    }
    response
      .writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Encoding': 'gzip',
        'Content-Length': gzipped.byteLength,
      })
      .end(gzipped);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.[Symbol.asyncDispose]();
  }

  #prepared(): Promise<GraphiQLPage> {
    this.#page ??= this.#prepare();
    return this.#page;
  }

  async #prepare(): Promise<GraphiQLPage> {
    const module = new URL(`./graphiql-thread${extname(import.meta.url)}`, import.meta.url);
    await using thread = new Thread<GraphiQLMethods>(
      module,
      undefined,
      (failure, cause) =>
        new Error(`GraphiQL could not be prepared: ${failure?.message ?? 'its thread has ended'}`, {
          cause,
        }),
    );
    this.#thread = thread;
    try {
      return await thread.call('prepare');
    } catch (error) {
      // The next who asks tries again.
      this.#page = undefined;
      throw error;
    } finally {
      this.#thread = undefined;
    }
  }
}
