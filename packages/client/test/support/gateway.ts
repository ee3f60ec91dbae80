import { createGateway, type Gateway, parseConfig } from '@se5/gateway';
import type { Simulator } from '@se5/simulator';

export interface GatewayOptions {
  /** Default: any free port. */
  readonly port?: number;
  readonly token?: string;
  /** The path of the journal. Default: in memory. */
  readonly journal?: string;
  /** The section of the configuration, in the place of `token`. */
  readonly access?: Readonly<Record<string, unknown>>;
  /** Default: no event is an alarm. */
  readonly watch?: readonly Readonly<Record<string, unknown>>[];
}

/** The real gateway in front of one simulated box, `hq-lobby` of the site `hq`. */
export const startGateway = (box: Simulator, options: GatewayOptions = {}): Promise<Gateway> =>
  createGateway(configOf(box, options));

export function configOf(
  { host, eventPort, apiPort }: Simulator,
  {
    port = 0,
    token,
    journal = 'memory',
    access = token === undefined ? undefined : { token },
    watch = [],
  }: GatewayOptions,
) {
  // JSON is YAML.
  const config = JSON.stringify({
    listen: `127.0.0.1:${port}`,
    journal: { path: journal },
    sites: [
      {
        id: 'hq',
        name: 'Headquarters',
        boxes: [{ id: 'hq-lobby', name: 'Lobby', host, eventPort, apiPort }],
      },
    ],
    watch,
    ...(access && { access }),
  });
  return parseConfig(config);
}

/** Settles when the newest connection to the box has asked for events. */
export const listenedTo = (box: Simulator): Promise<void> =>
  box.until(({ configurations, connections, connectionsAccepted }) => {
    const newest = configurations.at(-1);
    return (
      connections > 0 && newest?.connection === connectionsAccepted && newest.eventList.length > 0
    );
  });
