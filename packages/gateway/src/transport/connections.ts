import type { Server } from 'node:http';
import type { DropArgument } from 'node:net';
import { ClientShares } from '../client-shares.ts';
import type { LimitsConfig } from '../config/limits.ts';
import type { ClientAddresses } from './client-addresses.ts';

/** Why a connection was closed as soon as it was there: too many in all, or from its address. */
export type ConnectionRefusal = 'all' | 'address';

export interface ConnectionLimits {
  readonly limits: Pick<LimitsConfig, 'connections' | 'connectionsPerAddress'>;
  readonly clients: Pick<ClientAddresses, 'ofPeer'>;
  /** Told of each connection that was closed unheard; the address as the system gives it. */
  readonly refused: (reason: ConnectionRefusal, remoteAddress: string | undefined) => void;
}

/** Closes connections above the limits before anything that comes on them is looked at. */
export function limitConnections(
  server: Server,
  { limits, clients, refused }: ConnectionLimits,
): void {
  const open = new ClientShares(limits.connectionsPerAddress);
  server.maxConnections = limits.connections;
  server.on('drop', (drop?: DropArgument) => refused('all', drop?.remoteAddress));
  server.prependListener('connection', (socket) => {
    const { remoteAddress } = socket;
    const place = open.acquire(clients.ofPeer(remoteAddress));
    if (place) {
      socket.once('close', () => place[Symbol.dispose]());
      return;
    }
    refused('address', remoteAddress);
    socket.destroy();
  });
}
