import { describe, expect, it } from 'vitest';
import { EventSocket } from '../../src/box/event-socket.ts';
import { startSimulator } from '../../src/simulator/index.ts';

describe('EventSocket', () => {
  it('does not open when it is stopped before it begins', async () => {
    await using simulator = await startSimulator();
    const options = {
      url: `ws://${simulator.host}:${simulator.eventPort}`,
      connectTimeoutMs: 60_000,
      maxMessageBytes: 1_000,
    };
    const reasons: string[] = [];
    const handlers = {
      message: () => undefined,
      pong: () => undefined,
      ended: ({ code }: { readonly code: string }) => void reasons.push(code),
    };
    await using socket = new EventSocket(options, handlers, AbortSignal.abort());
    await socket.opened;
    expect(reasons).toEqual(['CLOSED']);
    await socket[Symbol.asyncDispose]();
    expect(simulator.connectionsAccepted).toBe(0);
    expect(reasons).toEqual(['CLOSED']);
  });
});
