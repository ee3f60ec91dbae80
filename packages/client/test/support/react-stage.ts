import type { ServerResponse } from 'node:http';
import { createGateway, type Gateway } from '@se5/gateway';
import { type Simulator, startSimulator } from '@se5/simulator';
import { bundlePage } from './bundle.ts';
import { configOf, listenedTo } from './gateway.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

const PAGE = `<!doctype html><title>Hooks</title><link rel="icon" href="data:,"><div id="root"></div>
<script src="/hooks.js"></script><script>unmount = se5.mount(document.getElementById('root'))</script>`;

const watch = [{ id: 'vip', title: 'A VIP', personTypes: ['VIP'], cooldown: 'none' }];

/** A page with the hooks, at a gateway in front of one box, which comes back with what it had stored. */
export interface ReactStage extends AsyncDisposable {
  readonly box: Simulator;
  /** The address of the gateway. */
  readonly gateway: string;
  /** The address of the page. */
  readonly url: string;
  restart(): Promise<void>;
}

export async function setReactStage(): Promise<ReactStage> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await createTemporaryDirectory());
  const box = resources.use(await startSimulator());
  const script = await bundlePage('react/page/page.tsx');
  const start = (port: number): Promise<Gateway> =>
    createGateway(configOf(box, { port, journal: `${directory.path}/journal.db`, watch }), {
      fallback: ({ url }, response: ServerResponse) => {
        const isScript = url === '/hooks.js';
        response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
        response.end(isScript ? script : PAGE);
      },
    });
  let gateway = await start(0);
  const { port, url } = gateway;
  resources.defer(() => gateway[Symbol.asyncDispose]());
  await listenedTo(box);
  const owned = resources.move();
  return {
    box,
    gateway: url,
    url: `${url}/hooks`,
    restart: async () => {
      await gateway[Symbol.asyncDispose]();
      gateway = await start(port);
      await listenedTo(box);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
