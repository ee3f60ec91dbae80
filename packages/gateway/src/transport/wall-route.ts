import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import Negotiator from 'negotiator';
import { conditionOf, sendUnmet } from './preconditions.ts';
import { type Coding, readWallFiles } from './wall-files.ts';

/** Where the build of this package puts the page. The same for its sources. */
const BUILT = fileURLToPath(new URL('../../dist/wall', import.meta.url));

/** Lists the roles that the page offers. A gateway alone has none: the credential decides what the page shows. */
const ROLES = '/roles.json';

/** The best first. A client that accepts none of them gets the last one. */
const CODINGS = ['br', 'gzip', 'identity'] as const satisfies readonly Coding[];

export interface WallOptions {
  /** The folder of the built page. Default: in this package. */
  readonly folder?: string;
  /** Answers in the place of `roles.json`. Default: the page offers no choice of roles. */
  readonly roles?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Origins beside its own from which the page may get data and pictures: other gateways. */
  readonly gateways?: readonly string[];
}

/** The event wall: a static page that holds no data, and asks the gateway like any client. */
export interface WallRoute {
  /** By path. */
  has(path: string): boolean;
  send(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
}

/**
 * Reads the page's files, and serves them to whoever calls the gateway by its name.
 *
 * @param publicUrl where the addresses of pictures may lead.
 * @returns undefined when the page is not there.
 */
export async function createWallRoute(
  publicUrl: string | undefined,
  { folder = BUILT, roles, gateways = [] }: WallOptions = {},
): Promise<WallRoute | undefined> {
  const files = await readWallFiles(folder);
  const policy = contentSecurityPolicy(publicUrl, gateways);
  return (
    files && {
      has: (path) => files.has(path),
      async send(request, response, path) {
        if (path === ROLES && roles) return roles(request, response);
        const { contentType, isImmutable, etag, bodies } = await files.get(path);
        const coding = codingFor(request);
        response.appendHeader('Vary', 'Accept-Encoding');
        response.setHeader('ETag', etag(coding));
        response.setHeader('Content-Security-Policy', policy);
        response.setHeader(
          'Cache-Control',
          isImmutable ? 'private, max-age=31536000, immutable' : 'private, no-cache',
        );
        const condition = conditionOf(request, etag(coding));
        if (condition !== 'met') return sendUnmet(response, condition);
        const body = bodies[coding];
        response.writeHead(200, {
          'Content-Type': contentType,
          'Content-Length': body.byteLength,
          ...(coding !== 'identity' && { 'Content-Encoding': coding }),
        });
        // All browsers share these bytes: one that does not read takes no memory of ours.
        if (request.method === 'HEAD') response.end();
        else response.end(body);
      },
    }
  );
}

/** The page's own files run, and it reaches its gateways alone. */
function contentSecurityPolicy(publicUrl: string | undefined, gateways: readonly string[]): string {
  const pictures = publicUrl === undefined ? [] : [new URL(publicUrl).origin];
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src ${["'self'", ...pictures, ...gateways].join(' ')}`,
    `connect-src ${["'self'", ...gateways, ...gateways.map(webSocketOf)].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const webSocketOf = (origin: string): string => origin.replace(/^http/, 'ws');

function codingFor(request: IncomingMessage): Coding {
  // A missing Accept-Encoding accepts any coding, but such a client may be unable to decompress.
  if (request.headers['accept-encoding'] === undefined) return 'identity';
  const accepted = new Negotiator(request).encodings([...CODINGS]);
  return CODINGS.find((coding) => accepted.includes(coding)) ?? 'identity';
}
