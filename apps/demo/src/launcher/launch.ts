import { createGateway, parseConfig } from '@se5/gateway';
import { type Simulator, startSimulator } from '@se5/simulator';
import { servePage } from './page.ts';
import { lobbyAccess, newToken, offeredRoles } from './roles.ts';
import { demoSites } from './sites.ts';

export interface LaunchOptions {
  /** The one public port, on loopback; 0 takes any that is free. */
  readonly port: number;
  /** Recognitions per second over all boxes together. */
  readonly rate: number;
  /** What the simulated boxes draw from. */
  readonly seed: number;
  /** Told before each step that takes a moment. */
  readonly onStep?: (step: string) => void;
}

/** The simulated sites, the gateways in front of them, and the page on top. */
export interface Launched extends AsyncDisposable {
  /** Where the wall is, without a slash at the end. */
  readonly url: string;
  /** By box id. */
  readonly simulators: ReadonlyMap<string, Simulator>;
}

/** @throws when the port is taken (`EADDRINUSE`). */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { port, rate, seed, onStep = () => {} } = options;
  await using resources = new AsyncDisposableStack();

  onStep('Starting the simulated boxes');
  const boxes = demoSites.flatMap((site) => site.boxes);
  const simulators = new Map<string, Simulator>();
  for (const [index, { id, devices }] of boxes.entries()) {
    const simulator = await startSimulator({
      devices,
      seed: seed + index,
      ratePerSecond: rate / boxes.length,
    });
    simulators.set(id, resources.use(simulator));
  }

  onStep('Starting the gateway');
  // The public one is open, so what another role sees comes from a gateway of its own.
  const token = newToken();
  const lobby = resources.use(
    await createGateway(configuration(0, simulators, { access: lobbyAccess(token) })),
  );
  const gateway = resources.use(
    await createGateway(configuration(port, simulators), {
      fallback: servePage(offeredRoles({ port: lobby.port, token })),
    }),
  );

  const owned = resources.move();
  return {
    url: gateway.url,
    simulators,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** JSON is YAML: the demonstration goes through the same door as anybody's file. */
function configuration(
  port: number,
  simulators: ReadonlyMap<string, Simulator>,
  more: object = {},
) {
  return parseConfig(
    JSON.stringify({
      listen: `127.0.0.1:${port}`,
      journal: { path: 'memory' },
      ...more,
      // A page that somebody writes against the demonstration is served on a port of its own.
      origins: ['http://localhost:*', 'http://127.0.0.1:*'],
      sites: demoSites.map((site) => ({
        ...site,
        boxes: site.boxes.map(({ id, name }) => ({
          id,
          name,
          host: simulators.get(id)?.host,
          eventPort: simulators.get(id)?.eventPort,
          apiPort: simulators.get(id)?.apiPort,
        })),
      })),
    }),
    { file: 'the demonstration' },
  );
}
