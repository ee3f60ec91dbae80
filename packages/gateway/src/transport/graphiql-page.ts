import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

const DEFAULT_QUERY = `# All devices, and below them what they see, as they see it.
query Devices {
  devices {
    id
    name
    site { name }
    box { name link { state since lastError } }
    lastEventAt
  }
}

subscription Recognitions {
  recognitionEvents(withImages: true) {
    id
    occurredAt
    personType
    identityName
    similarity
    device { name }
    faceImage { url }
  }
}
`;

/** The page to try queries on, as it is sent to each browser. */
export interface GraphiQLPage {
  /** 2.4 MB; unpacked, 9 MB. */
  readonly gzipped: Uint8Array;
  readonly etag: string;
  readonly contentSecurityPolicy: string;
}

/** Takes half a second of CPU, so no thread that has anything else to do should call it. */
export async function prepareGraphiQLPage(): Promise<GraphiQLPage> {
  const page = renderGraphiQL({
    title: 'SE5 gateway',
    defaultQuery: DEFAULT_QUERY,
    // By WebSocket the page would leave out the headers that its user typed, and so the token, and
    // show no refusal.
    subscriptionsProtocol: 'SSE',
    // Of a subscription too: in an address a long document would not fit.
    method: 'POST',
  });
  return {
    gzipped: await promisify(gzip)(page, { level: 9 }),
    etag: `"${sha256(page)}"`,
    contentSecurityPolicy: contentSecurityPolicy(page),
  };
}

/** Only the page's own scripts run, and it reaches only the gateway that it came from. */
function contentSecurityPolicy(page: string): string {
  const scripts = page.matchAll(/<script>(.*?)<\/script>/gs);
  const hashes = Array.from(scripts, ([, script = '']) => `'sha256-${sha256(script)}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    // The editor puts its styles into the page as it runs.
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    'font-src data:',
    "connect-src 'self'",
    // The editor starts its language services from scripts that the page holds.
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
