import { rm, writeFile } from 'node:fs/promises';
import { natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { expect, it } from 'vitest';
import { TestCluster } from '../support/cluster.ts';
import { post } from '../support/gateways.ts';
import { found } from '../support/until.ts';

const tokenOf = (name: string) => ({ name, role: 'guard', token: `the-token-of-the-${name}` });
const bearer = (name: string) => ({ Authorization: `Bearer the-token-of-the-${name}` });

const configured = (deny?: string) => ({
  access: { tokens: ['desk', 'lobby'].map(tokenOf), roles: { guard: {} }, ...(deny && { deny }) },
});

it.skipIf(natsTestsAreSkipped())(
  'what one gateway denies has no access to any other, also to those that start later',
  async () => {
    await using server = await startNatsServer();
    await using cluster = await TestCluster.of([server], []);
    const deny = `${cluster.journalOf('a')}.denied`;
    await cluster.start('a', { config: configured(deny) });
    const b = await cluster.start('b', { config: configured() });
    const stream = await post(b.url, 'subscription { boxStatus { id } }', {
      ...bearer('desk'),
      Accept: 'text/event-stream',
    });
    await writeFile(deny, 'desk\n');
    // It is cut off: the client comes back, and learns why.
    await expect(stream.text()).rejects.toThrow('terminated');
    const answer = await post(b.url, '{ sites { id } }', bearer('desk'));
    expect(answer.status).toBe(401);
    expect((await post(b.url, '{ sites { id } }', bearer('lobby'))).status).toBe(200);

    await cluster.stop('a');
    const c = await cluster.start('c', { config: configured() });
    expect((await post(c.url, '{ sites { id } }', bearer('desk'))).status).toBe(401);

    await rm(deny);
    await cluster.start('a', { config: configured(deny) });
    await found(async () => {
      const { status } = await post(c.url, '{ sites { id } }', bearer('desk'));
      return status === 200 || undefined;
    });
  },
);
