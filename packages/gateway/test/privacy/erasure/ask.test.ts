import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createMemoryImageStore } from '../../../src/images/memory-image-store.ts';
import { createMemoryJournal } from '../../../src/journal/memory-journal.ts';
import { askGateway, connectTo } from '../../../src/privacy/erasure/ask.ts';
import { ErasureFailed } from '../../../src/privacy/erasure/erasure-failed.ts';
import { Erasures } from '../../../src/privacy/erasure/erasures.ts';
import { listenForErasures } from '../../../src/privacy/erasure/listen.ts';
import { appendAll, entry } from '../../support/journals.ts';

const ID = 'pérson\u20287f3a\u2029';
const NAME = 'Visitor 12';
const target = { kind: 'identity', identityId: ID } as const;

/** What erases in memory on behalf of whoever connects. */
async function listening() {
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(await mkdtempDisposable(join(tmpdir(), 'se5-socket-')));
  const path = join(folder.path, 'erase.sock');
  const journal = createMemoryJournal();
  await appendAll(journal, [entry({ identityId: ID, identityName: NAME }), entry()]);
  const images = createMemoryImageStore({ capture: 'never', keepMs: 1_000, maxBytes: 1_000 });
  const erasures = parts.use(
    new Erasures({ journal, images, forget() {} }, { erased() {}, failed() {} }),
  );
  parts.use(await listenForErasures(path, erasures, () => {}));
  const held = parts.move();
  return { connect: () => connectTo(path), [Symbol.asyncDispose]: () => held.disposeAsync() };
}

it('an id may have in it what other programs take for the end of a line', async () => {
  await using gateway = await listening();
  const socket = await gateway.connect();
  if (!socket) throw new Error('nobody listens');
  expect(await askGateway(socket, target)).toEqual({ events: 1, pictures: 0, inClear: [] });
});

it('an id may come in two parts that are no text by themselves', async () => {
  await using gateway = await listening();
  const socket = await gateway.connect();
  if (!socket) throw new Error('nobody listens');
  const request = Buffer.from(`${JSON.stringify(target)}\n`);
  const cut = request.indexOf('é') + 1;
  socket.setNoDelay().write(request.subarray(0, cut));
  // Another one is answered meanwhile: the first part has been read.
  const other = await gateway.connect();
  other?.end('nonsense\n');
  if (other) await text(other);
  socket.write(request.subarray(cut));
  expect(await text(socket)).toContain('"kind":"done","report":{"events":1,');
});

it.each([
  ['is not to be understood', `{"kind":"done","names":["${NAME}"]}\n`, /could not be read/],
  ['breaks off', '{"kind":"done"', /stopped before the erasure was complete/],
])('an answer that %s is told of without a word of it', async (_, answer, message) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-socket-'));
  const path = join(folder.path, 'erase.sock');
  await using server = createServer((socket) => socket.resume().end(answer)).listen(path);
  await once(server, 'listening');
  const socket = await connectTo(path);
  if (!socket) throw new Error('nobody listens');
  const failure = await askGateway(socket, target).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ErasureFailed);
  expect(failure).toMatchObject({ message: expect.stringMatching(message) });
  expect(failure).not.toHaveProperty('cause');
  expect(String(failure)).not.toContain('Visitor');
});
