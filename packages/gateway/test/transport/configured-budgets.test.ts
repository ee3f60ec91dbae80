import { type Simulator, startSimulator } from '@se5/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';
import { openReader, type Transport } from '../support/reader.ts';
import { isListenedTo } from '../support/rig.ts';
import { until } from '../support/until.ts';

/** More than a connection's buffers in the system take, by far. */
const COUNT = 40;
const FACE = 'A'.repeat(2 ** 19);

const TRANSPORTS: readonly Transport[] = ['WebSocket', 'server-sent events'];

describe.each(TRANSPORTS)('a gateway that is configured for slow clients, over %s', (transport) => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator[Symbol.asyncDispose]());

  const start = async (slowClients: Readonly<Record<string, string>>) => {
    const config = { slowClients, images: { capture: 'always' } };
    const gateway = await startGateway({ simulators: [simulator], config });
    await simulator.until(isListenedTo);
    return gateway;
  };
  const open = ({ url }: Gateway, fields: string) =>
    openReader(
      { url: `${url}/graphql`, webSocketUrl: `${url.replace('http', 'ws')}/graphql` },
      transport,
      fields,
    );
  const emit = () => {
    for (let made = 0; made < COUNT; made += 1) {
      simulator.emit({ identityId: `visitor-${made}`, pictures: { face: FACE } });
    }
  };

  it.each([
    // By default, pictures would be left out above 1 MiB.
    ['whole and live, within the soft budget', { softBytes: '64MiB', hardBytes: '64MiB' }, false],
    // By default, all would come live up to 4 MiB, which is not reached without pictures.
    ['from the journal, above the hard budget', { softBytes: '64KiB', hardBytes: '64KiB' }, true],
  ])('sends to one who is behind %s', async (_, budget, isReplayed) => {
    await using gateway = await start(budget);
    await using stuck = await open(gateway, 'imagesOmitted replayed faceImage { base64 }');
    await using reader = await open(gateway, 'replayed');
    stuck.pause();
    emit();
    await until(() => reader.events.length === COUNT);
    stuck.resume();
    await until(() => stuck.events.length === COUNT);
    expect(stuck.events.some(({ replayed }) => replayed)).toBe(isReplayed);
    // What a slow client reads from the journal is without pictures, also where it is no replay.
    if (!isReplayed) expect(stuck.events.some(({ imagesOmitted }) => imagesOmitted)).toBe(false);
  });

  it('gives up one that reads nothing, sooner than by default', async () => {
    await using gateway = await start({ stalledAfter: '1s' });
    await using reader = await open(gateway, 'faceImage { base64 }');
    reader.pause();
    emit();
    const subscribers = async () =>
      (await (await fetch(`${gateway.url}/metrics`)).text()).match(/^se5_subscribers (\d+)$/m)?.[1];
    while ((await subscribers()) !== '0');
  });
});
