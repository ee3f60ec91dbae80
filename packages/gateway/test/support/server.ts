import { ClientAddresses } from '../../src/transport/client-addresses.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/transport/server.ts';

/** A server on a free port of loopback, without time-outs of its own; it takes no WebSocket. */
export const startTestServer = (
  options: Pick<ServerOptions, 'request'> & Partial<ServerOptions>,
): Promise<RunningServer> =>
  startServer({
    listen: { host: '127.0.0.1', port: 0 },
    connections: {
      limits: { connections: 10, connectionsPerAddress: 10 },
      clients: new ClientAddresses([]),
      refused: () => {},
    },
    keepAliveMs: 300_000,
    stalledAfterMs: 300_000,
    upgrade: (_request, socket) => socket.destroy(),
    fault: (error) => {
      throw error;
    },
    ...options,
  });
