import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { type NatsServer, natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PictureOrigin } from '../../src/images/image-store.ts';
import { createMemoryImageStore } from '../../src/images/memory-image-store.ts';
import { PictureStream } from '../../src/images/shared/picture-stream.ts';
import { SharedImageStore } from '../../src/images/shared/shared-image-store.ts';
import { Keyring } from '../../src/privacy/keyring.ts';
import { localKeys } from '../support/nats-journals.ts';
import { picture } from '../support/recognitions.ts';

const OF: PictureOrigin = {
  owner: 'lobby',
  subject: { identityId: 'E-7', personType: 'EMPLOYEE', occurredAt: 1e12, receivedAt: 1e12 },
};

describe.skipIf(natsTestsAreSkipped())('pictures of a cluster', () => {
  let server: NatsServer;
  let parts: AsyncDisposableStack;
  let folder: string;

  beforeEach(async () => {
    parts = new AsyncDisposableStack();
    server = parts.use(await startNatsServer({ config: { max_payload: 65_536 } }));
    const made = await mkdtempDisposable(join(tmpdir(), 'se5-pictures-'));
    parts.defer(() => made.remove());
    folder = made.path;
  });

  afterEach(async () => {
    await parts.disposeAsync();
  });

  /** A gateway's pictures; all gateways of these tests share the key file. */
  const open = async () => {
    const connection = await connect({ servers: server.url });
    parts.defer(() => connection.close());
    const limits = { keepMs: 3_600_000, maxBytes: 2 ** 28 };
    const keyring = parts.use(new Keyring(join(folder, 'keys.db')));
    const errors: unknown[] = [];
    const store = new SharedImageStore({
      local: createMemoryImageStore({ capture: 'always', ...limits }),
      stream: await PictureStream.open({
        ...{ connection, isUp: () => !connection.isClosed(), replicas: 1, ...limits },
        stream: 'se5_pictures',
      }),
      keys: localKeys(keyring),
      isKeeping: true,
      keepMs: limits.keepMs,
      observer: { unshared: (error) => errors.push(error) },
    });
    parts.use(store);
    return { store, errors, keyring };
  };

  it('can be had elsewhere once they are stored, also large ones, and after their gateway has gone', async () => {
    const [a, b] = [await open(), await open()];
    const small = picture('AAAA'.repeat(100));
    const large = picture('BBBB'.repeat(50_000));
    const keys = [small, large].map((each, index) => {
      const key = a.store.keyOf(`event-${index}`, 'face');
      a.store.put(key, each, OF);
      return key;
    });
    await a.store.stored(keys);
    expect(a.errors).toEqual([]);
    await a.store[Symbol.asyncDispose]();
    for (const [index, key] of keys.entries()) {
      expect(await b.store.isKept(key)).toBe(true);
      const found = await b.store.get(key);
      expect(found?.picture.base64).toEqual([small, large][index]?.base64);
    }
  });

  it('show nothing of a picture or a person to who reads the server', async () => {
    const { store } = await open();
    const key = store.keyOf('event', 'face');
    store.put(key, picture('SECRETSECRET'.repeat(20)), OF);
    await store.stored([key]);
    const connection = await connect({ servers: server.url });
    const { jetstreamManager } = await import('@nats-io/jetstream');
    const manager = await jetstreamManager(connection);
    const message = await manager.direct.getMessage('se5_pictures', {
      last_by_subj: `se5_pictures.${key}.0`,
    });
    const text = Buffer.from(message?.data ?? []).toString('latin1');
    expect(text.length).toBeGreaterThan(200);
    expect(text).not.toMatch(/SECRET|E-7|EMPLOYEE/);
    await connection.close();
  });

  it('leave the memory of a gateway as soon as it learns of an erasure elsewhere', async () => {
    const { store, keyring } = await open();
    const key = store.keyOf('event', 'face');
    store.put(key, picture('AAAA'), OF);
    await store.stored([key]);
    keyring.forget({ identityId: 'E-7' }, 20_000);
    // Without the key, only the memory of this gateway has it.
    expect((await store.get(key))?.picture.base64).toEqual(picture('AAAA').base64);
    await store.follow({ uncovered: [], names: ({ identityId }) => identityId === 'E-7' });
    expect(await store.get(key)).toBeUndefined();
  });

  it('are none where nobody has put one', async () => {
    const { store } = await open();
    const key = store.keyOf('event', 'face');
    expect(await store.isKept(key)).toBe(false);
    expect(await store.get(key)).toBeUndefined();
    expect(store.stored([key])).toBeUndefined();
  });
});
