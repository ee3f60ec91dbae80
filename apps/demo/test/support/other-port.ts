import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const HTML = `<!doctype html><script type="module">
  import { createClient } from '/client.js';
  globalThis.createClient = createClient;
</script>`;

/** A page of somebody's own on a port of its own, which has `createClient` as a global. */
export interface OtherPort extends AsyncDisposable {
  readonly port: number;
}

export async function serveOnOtherPort(): Promise<OtherPort> {
  const script = await clientBundle();
  const server = createServer((request, response) => {
    const isScript = request.url === '/client.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : HTML);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function clientBundle(): Promise<string> {
  const entry = fileURLToPath(import.meta.resolve('@se5/client'));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, formats: ['es'] } },
  });
  if (!Array.isArray(built)) throw new Error('Vite built no library');
  const code = built.flatMap(({ output }) => output).find(({ type }) => type === 'chunk');
  if (code?.type !== 'chunk') throw new Error('Vite built no script');
  return code.code;
}
