import { createGateway, parseConfig } from '@se5/gateway';
import type { Simulator } from '@se5/simulator';
import { configuration } from './configuration.ts';
import { demoWall } from './demo-wall.ts';
import { lobbyAccess, newToken, offeredRoles } from './roles.ts';
import { simulateSites } from './simulate-sites.ts';
import { pastBackfill, pastConfig } from './with-past.ts';

export interface LaunchOptions {
  /** The one public port, on loopback; 0 takes any that is free. */
  readonly port: number;
  /** Recognitions per second over all boxes together. */
  readonly rate: number;
  /** Recognitions of the last 24 hours that the boxes have stored, all together. */
  readonly past: number;
  /** What the simulated boxes draw from. */
  readonly seed: number;
  /** Told before each step that takes a moment. */
  readonly onStep?: (step: string) => void;
}

/** The simulated sites, the gateways in front of them, and the page on top. */
export interface Launched extends AsyncDisposable {
  /** Where the wall is, without a slash at the end. */
  readonly url: string;
  /** The same of gateways that share a log with that one. */
  readonly others: readonly string[];
  /** By box id. */
  readonly simulators: ReadonlyMap<string, Simulator>;
}

/** @throws when the port is taken (`EADDRINUSE`). */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { port, rate, past, seed, onStep = () => {} } = options;
  await using resources = new AsyncDisposableStack();

  onStep('Starting the simulated boxes');
  const { simulators } = resources.use(await simulateSites({ rate, past, seed }));

  onStep('Starting the gateway');
  // The public one is open, so what another role sees comes from a gateway of its own.
  const token = newToken();
  const lobby = resources.use(
    await createGateway(parsed(configuration(0, simulators, { access: lobbyAccess(token) }))),
  );
  const gateway = resources.use(
    await createGateway(parsed(configuration(port, simulators, pastConfig)), {
      backfill: pastBackfill,
      wall: demoWall(offeredRoles({ port: lobby.port, token })),
    }),
  );

  const owned = resources.move();
  return {
    url: gateway.url,
    others: [],
    simulators,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const parsed = (text: string) => parseConfig(text, { file: 'the demonstration' });
