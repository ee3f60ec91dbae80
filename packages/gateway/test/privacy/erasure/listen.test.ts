import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createMemoryJournal } from '../../../src/journal/memory-journal.ts';
import type { ErasureServices } from '../../../src/privacy/erasure/erase.ts';
import { Erasures } from '../../../src/privacy/erasure/erasures.ts';
import { listenForErasures } from '../../../src/privacy/erasure/listen.ts';
import { appendAll, entry } from '../../support/journals.ts';

const UNOBSERVED = { erased() {}, failed() {} };

const NO_PICTURES = { erase: async () => 0, hasClear: async () => false, delete: async () => 0 };

/** Listens, and has been asked to erase a person. */
async function asked(services: Omit<ErasureServices, 'forget'>) {
  const directory = await mkdtempDisposable(join(tmpdir(), 'se5-listen-'));
  const path = join(directory.path, 'sock');
  const erasures = new Erasures({ ...services, forget() {} }, UNOBSERVED);
  const listener = await listenForErasures(path, erasures, () => {});
  const socket = connect(path);
  await once(socket, 'connect');
  socket.write(`${JSON.stringify({ kind: 'identity', identityId: 'person-7f3a' })}\n`);
  return {
    stop: async () => {
      await listener[Symbol.asyncDispose]();
      await erasures[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await directory.remove();
    },
  };
}

it('the end waits for the pictures that are being erased: they need their folder', async () => {
  const journal = createMemoryJournal();
  await appendAll(journal, [entry({ identityId: 'person-7f3a' })]);
  const begun = Promise.withResolvers<void>();
  const erased = Promise.withResolvers<number>();
  const erase = () => {
    begun.resolve();
    return erased.promise;
  };
  await using place = await asked({ journal, images: { ...NO_PICTURES, erase } });
  await begun.promise;
  let isOver = false;
  const disposing = place.stop().then(() => {
    isOver = true;
  });
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  expect(isOver).toBe(false);
  erased.resolve(1);
  await disposing;
});
