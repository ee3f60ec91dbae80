import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { TOKEN } from './stage.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface Site extends AsyncDisposable {
  readonly url: string;
}

/** An app's own server: it serves what was built, and gives whoever is signed in a token. */
export async function serveSite(folder: string): Promise<Site> {
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    response.writeHead(bytes ? 200 : 404, { 'content-type': type }).end(bytes);
  };
  const server = createServer(({ method, url = '/' }, response) => {
    if (method === 'POST' && url === '/session/token') response.end(TOKEN);
    else void answer(url === '/' ? '/index.html' : url, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
