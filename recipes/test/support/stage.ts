import { createGateway, type Gateway, parseConfig } from '@se5/gateway';
import { type Simulator, startSimulator } from '@se5/simulator';
import { createClient } from '../../../packages/client/src/index.ts';
import { listenedTo } from '../../../packages/client/test/support/gateway.ts';
import { TcpProxy } from '../../../packages/client/test/support/tcp-proxy.ts';
import { createTemporaryDirectory } from '../../../packages/client/test/support/temporary-directory.ts';

/** Opens everything. */
export const TOKEN = 'a-token-of-the-recipes';

/** A port of loopback on which nothing listens. */
const NOWHERE = 1;

/** A gateway in front of one box, behind a network that can be cut off. */
export interface Stage extends AsyncDisposable {
  readonly box: Simulator;
  /** How clients reach the gateway. */
  readonly url: string;
  /** Visitors are recognised; settles when the gateway keeps all events. */
  pass(...names: readonly string[]): Promise<void>;
  /** Settles when the box sends pictures, because a client wants them. */
  picturesWanted(): Promise<void>;
  /** Lets no new connection in before {@link restore}; those of now stay. */
  refuse(): void;
  /** Ends the connections of all clients. None of them comes back before {@link restore}. */
  cutOff(): void;
  restore(): void;
  /** Stops the gateway, and starts another one on the same files. */
  restart(): Promise<void>;
}

const VISITOR = 2;

export async function setStage(): Promise<Stage> {
  await using resources = new AsyncDisposableStack();
  const { path } = resources.use(await createTemporaryDirectory());
  const box = resources.use(await startSimulator());
  const start = (): Promise<Gateway> => createGateway(configOf(box, path));
  let gateway = await start();
  resources.defer(() => gateway[Symbol.asyncDispose]());
  await listenedTo(box);
  const network = resources.use(await TcpProxy.start(gateway.port));

  const newest = async (): Promise<string | null | undefined> => {
    await using client = createClient({ url: gateway.url, token: TOKEN });
    return (await client.history({ last: 1 })).events[0]?.identityName;
  };
  const owned = resources.move();
  return {
    box,
    url: network.url,
    pass: async (...names) => {
      for (const identityName of names) box.emit({ personType: VISITOR, identityName });
      while ((await newest()) !== names.at(-1));
    },
    picturesWanted: () =>
      box.until(({ configurations }) => configurations.at(-1)?.needFace === true),
    refuse: () => {
      network.target = NOWHERE;
    },
    cutOff: () => {
      network.target = NOWHERE;
      network.cut();
    },
    restore: () => {
      network.target = gateway.port;
    },
    restart: async () => {
      await gateway[Symbol.asyncDispose]();
      gateway = await start();
      await listenedTo(box);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const configOf = ({ host, eventPort, apiPort }: Simulator, folder: string) =>
  parseConfig(
    // JSON is YAML.
    JSON.stringify({
      listen: '127.0.0.1:0',
      origins: ['http://127.0.0.1:*'],
      access: { token: TOKEN },
      journal: { path: `${folder}/journal.db` },
      images: { path: `${folder}/images` },
      sites: [
        {
          id: 'hq',
          name: 'Headquarters',
          boxes: [{ id: 'hq-lobby', name: 'Lobby', host, eventPort, apiPort }],
        },
      ],
    }),
  );
