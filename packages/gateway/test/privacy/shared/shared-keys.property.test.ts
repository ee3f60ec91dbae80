import { natsTestsAreSkipped } from '@se5/nats-server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Keyring, type SealedBy } from '../../../src/privacy/keyring.ts';
import type { KeyId } from '../../../src/privacy/shared/key-messages.ts';
import { SharedKeysError } from '../../../src/privacy/shared/shared-keys-error.ts';
import {
  employee,
  KeyCluster,
  type KeyGateway,
  type KeyInFile,
  STREAM,
} from '../../support/shared-keys.ts';

const DAY_MS = 86_400_000;

const GATEWAYS = ['one', 'other', 'third'] as const;

const gateway = fc.constantFrom(...GATEWAYS);
const person = fc.constantFrom('person-1', 'person-2', 'person-3');
const day = fc.constantFrom(10, 40, 80);

/** What happens at the same time as others of its group. */
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ does: fc.constant('prepare' as const), gateway, person, day }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('forget' as const), gateway, person }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('collect' as const), gateway, day }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('restart' as const), gateway }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('kill the server' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('delete the stream' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What the gateways did, and which keys there were at some moment. */
class History {
  readonly cluster: KeyCluster;
  readonly sealed: SealedBy[] = [];
  readonly keys = new Map<KeyId, KeyInFile>();
  readonly #restarted = new Map<string, Promise<void>>();
  #server: Promise<void> = Promise.resolve();

  constructor(cluster: KeyCluster) {
    this.cluster = cluster;
  }

  async take(taken: Step): Promise<void> {
    switch (taken.does) {
      case 'prepare':
        return this.#prepare(this.cluster.gateway(taken.gateway), taken.person, taken.day);
      case 'forget':
        return unlessClosed(async () => {
          const { keys } = this.cluster.gateway(taken.gateway);
          await keys.forget({ kind: 'identity', identityId: taken.person });
        });
      case 'collect':
        return unlessClosed(() =>
          this.cluster.gateway(taken.gateway).keys.collect(taken.day * DAY_MS),
        );
      case 'restart': {
        const { gateway: name } = taken;
        const last = this.#restarted.get(name) ?? Promise.resolve();
        const next = last.then(() => this.#restart(this.cluster.gateway(name)));
        this.#restarted.set(name, next);
        return next;
      }
      case 'kill the server': {
        this.#server = this.#server.then(() => this.cluster.server.restart());
        return this.#server;
      }
      case 'delete the stream': {
        const { manager } = await this.cluster.manager();
        await manager.streams.delete(STREAM).catch(() => {});
      }
    }
  }

  note(): void {
    for (const name of GATEWAYS) {
      for (const key of this.cluster.gateway(name).inFile.keys) this.keys.set(key.id, key);
    }
  }

  async #prepare(by: KeyGateway, identityId: string, day: number): Promise<void> {
    const at = day * DAY_MS;
    const subject = employee(identityId, { occurredAt: at, receivedAt: at });
    await unlessClosed(async () => by.keys.prepare([subject]));
    using keyring = new Keyring(by.path);
    try {
      this.sealed.push(keyring.sealingKey(subject));
    } catch {
      // It was forgotten meanwhile, or the gateway was stopped.
    }
  }

  async #restart(restarted: KeyGateway): Promise<void> {
    await restarted.stop();
    await restarted.start();
  }
}

async function unlessClosed(work: () => Promise<void> | undefined): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isClosed = error instanceof SharedKeysError && error.code === 'CLOSED';
    if (!isClosed && !String(error).includes('is not open')) throw error;
  }
}

describe.skipIf(natsTestsAreSkipped())('gateways that share their keys', () => {
  it('end with equal keys and have lost none, whatever they and the server do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 6 }),
        async (groups) => {
          await using cluster = await KeyCluster.start();
          const history = new History(cluster);
          const gateways = [];
          for (const name of GATEWAYS) gateways.push(await cluster.started(name));
          for (const group of groups) {
            await Promise.all(group.map((taken) => history.take(taken)));
            history.note();
          }
          // Each reads all that the others wrote before.
          for (let round = 0; round < 2; round += 1) {
            for (const each of gateways) await each.level();
          }
          const [first, ...others] = gateways.map(({ inFile }) => inFile);
          for (const other of others) expect(other).toEqual(first);
          for (const { keys } of gateways) {
            for (const by of history.sealed) {
              const isForgotten = [by.person, by.day].some((id) => first?.forgotten.includes(id));
              expect(await keys.fetch(by)).toBe(!isForgotten);
            }
          }
          for (const key of history.keys.values()) {
            const isForgotten = first?.forgotten.includes(key.id) ?? false;
            expect((await cluster.filesWithKey(key)).length === 0).toBe(isForgotten);
          }
          const faults = gateways.flatMap((each) => each.faults);
          expect(faults).not.toContainEqual(expect.objectContaining({ code: 'KEY_LOST' }));
        },
      ),
      { numRuns: 10 },
    );
  });
});
