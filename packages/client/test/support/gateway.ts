import { createGateway, type Gateway, parseConfig } from '@se5/gateway';
import type { Simulator } from '@se5/simulator';

export interface GatewayOptions {
  /** Default: any free port. */
  readonly port?: number;
  readonly token?: string;
}

/** The real gateway in front of one simulated box, `hq-lobby` of the site `hq`. */
export function startGateway(
  { host, eventPort, apiPort }: Simulator,
  { port = 0, token }: GatewayOptions = {},
): Promise<Gateway> {
  // JSON is YAML.
  const config = JSON.stringify({
    listen: `127.0.0.1:${port}`,
    journal: { path: 'memory' },
    sites: [
      {
        id: 'hq',
        name: 'Headquarters',
        boxes: [{ id: 'hq-lobby', name: 'Lobby', host, eventPort, apiPort }],
      },
    ],
    ...(token !== undefined && { access: { token } }),
  });
  return createGateway(parseConfig(config));
}

/** Settles when the newest connection to the box has asked for events. */
export const listenedTo = (box: Simulator): Promise<void> =>
  box.until(({ configurations, connections, connectionsAccepted }) => {
    const newest = configurations.at(-1);
    return (
      connections > 0 && newest?.connection === connectionsAccepted && newest.eventList.length > 0
    );
  });
