import type { Simulator } from '@se5/simulator';
import { parseConfig } from '../../src/config/load.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway.ts';

export interface TestGatewayOptions extends GatewayOptions {
  /** One box each, `box-1`, `box-2`, …, at the site `site`. Default: none. */
  readonly simulators?: readonly Simulator[];
  /** Keys of the configuration file beside `sites`. Default: any free port of loopback, nothing on disk. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A gateway in front of simulated boxes, on a port of its own. */
export function startGateway(options: TestGatewayOptions = {}): Promise<Gateway> {
  const { simulators = [], config = {}, ...rest } = options;
  return createGateway(parseConfig(configText(simulators, config)), rest);
}

/** JSON is YAML. */
export const configText = (
  simulators: readonly Simulator[],
  config: Readonly<Record<string, unknown>> = {},
): string =>
  JSON.stringify({
    listen: '127.0.0.1:0',
    journal: { path: 'memory' },
    // Whether the page is built changes nothing here.
    wall: false,
    // A busy machine adds no line to a log that a test reads.
    lagWarning: '1h',
    sites: [
      {
        id: 'site',
        boxes: simulators.map(({ host, eventPort, apiPort }, index) => ({
          id: `box-${index + 1}`,
          host,
          eventPort,
          apiPort,
        })),
      },
    ],
    ...config,
  });

/** A GraphQL request over HTTP, as a client sends it. */
export const post = (
  url: string,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
