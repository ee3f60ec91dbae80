import { connect, type NatsConnection } from '@nats-io/transport-node';
import { onTestFinished } from 'vitest';

/** A client that comes back by itself, and is closed when the test ends. */
export async function connected(...servers: string[]): Promise<NatsConnection> {
  const client = await connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  onTestFinished(() => client.close());
  return client;
}
