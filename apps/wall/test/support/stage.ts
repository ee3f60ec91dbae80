import { fileURLToPath } from 'node:url';
import { createGateway, type Gateway, parseConfig } from '@se5/gateway';
import { type Simulator, startSimulator } from '@se5/simulator';

const wall = { folder: fileURLToPath(new URL('../../dist', import.meta.url)) };

/** Two sites of one box each, a gateway in front of them, and the built page on top. */
export interface Stage extends AsyncDisposable {
  readonly url: string;
  readonly north: Simulator;
  readonly south: Simulator;
  /** The gateway goes away, and comes back at the same address with nothing in its memory. */
  stopGateway(): Promise<void>;
  startGateway(): Promise<void>;
}

export interface StageOptions {
  readonly token?: string;
  /** Without boxes nothing is simulated. Default true. */
  readonly boxes?: boolean;
  /** Keys of `images` in the configuration. */
  readonly images?: Readonly<Record<string, unknown>>;
  /** Further keys of the configuration. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export async function setStage({
  token,
  boxes = true,
  images = {},
  more = {},
}: StageOptions = {}): Promise<Stage> {
  const north = await startSimulator({ devices: 2, seed: 11 });
  const south = await startSimulator({ devices: 1, seed: 22 });
  const site = (id: string, name: string, { eventPort, apiPort }: Simulator) => ({
    id,
    name,
    timezone: 'UTC',
    boxes: [{ id: `${id}-box`, name: `${name} box`, host: '127.0.0.1', eventPort, apiPort }],
  });
  const config = (port: number) =>
    parseConfig(
      JSON.stringify({
        listen: `127.0.0.1:${port}`,
        journal: { path: 'memory' },
        images,
        sites: boxes ? [site('north', 'North', north), site('south', 'South', south)] : [],
        ...(token ? { access: { token } } : {}),
        ...more,
      }),
    );
  let gateway: Gateway | undefined = await createGateway(config(0), { wall });
  const { url, port } = gateway;
  const stopGateway = async () => {
    await gateway?.[Symbol.asyncDispose]();
    gateway = undefined;
  };
  return {
    url,
    north,
    south,
    stopGateway,
    startGateway: async () => {
      gateway = await createGateway(config(port), { wall });
    },
    async [Symbol.asyncDispose]() {
      await stopGateway();
      await north[Symbol.asyncDispose]();
      await south[Symbol.asyncDispose]();
    },
  };
}

/** Until the page has subscribed with pictures, and the box has been told. */
export const watched = (box: Simulator): Promise<void> =>
  box.until(({ configurations }) => configurations.at(-1)?.needFace === true);
