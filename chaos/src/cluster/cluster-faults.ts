import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultOf } from '../plan/fault.ts';
import type { GatewayHost } from '../world/gateway-host.ts';
import { part } from '../world/partition.ts';
import type { ClusterGateway } from './cluster-gateway.ts';
import type { ClusterWorld } from './cluster-world.ts';
import type { ClusterFault } from './fault.ts';
import { STREAM } from './stream.ts';

/**
 * Has a fault happen to the gateways, or to what they share. Settles when it is over.
 *
 * @param signal ends the wait for what does not come back.
 */
export async function happenToCluster(
  fault: ClusterFault | FaultOf<'gateway killed'>,
  { gateways, nats, boxes }: ClusterWorld,
  signal: AbortSignal,
): Promise<void> {
  switch (fault.kind) {
    case 'gateway killed':
      return gatewayOf(fault, gateways).host.kill(fault.downMs);
    case 'gateway paused':
      return gatewayOf(fault, gateways).host.pause(fault.ms);
    case 'gateway stutters':
      return stutter(gatewayOf(fault, gateways).host, fault);
    case 'gateways restarted':
      for (const { host } of gateways) {
        await host.restart(0);
        await host.ready(signal);
      }
      return;
    case 'NATS killed':
    case 'NATS majority killed':
      return nats.kill(fault.servers, fault.downMs);
    case 'gateway cut off from NATS': {
      const { toNats } = gatewayOf(fault, gateways);
      const hit = toNats.filter((_, server) => fault.servers.includes(server));
      return part(hit, fault.how, fault.ms);
    }
    case 'gateway cut off from box': {
      const network = boxes[fault.box]?.network(fault.gateway);
      return part(network?.proxies ?? [], fault.how, fault.ms);
    }
    case 'stream deleted':
      return nats.deleteStream(STREAM, signal);
  }
}

async function stutter(
  host: GatewayHost,
  { ms, stopMs, goMs }: FaultOf<'gateway stutters'>,
): Promise<void> {
  for (let left = ms; left > 0; left -= stopMs + goMs) {
    await host.pause(stopMs);
    await sleep(goMs);
  }
}

function gatewayOf(
  { gateway }: { readonly gateway: number },
  gateways: readonly ClusterGateway[],
): ClusterGateway {
  const found = gateways[gateway];
  if (!found) throw new RangeError(`there is no gateway ${gateway}`);
  return found;
}
