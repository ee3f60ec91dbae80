import { expect, test } from 'vitest';
import { createClient } from '../../src/index.ts';
import { createHistoryStore } from '../../src/react/use-history.ts';

const pageOf = (id: number, hasPreviousPage: boolean) => ({
  data: {
    cursor: 'end',
    recognitionEvents: {
      edges: [{ node: { id: `${id}`, cursor: `${id}` } }],
      pageInfo: { hasPreviousPage, hasNextPage: false, startCursor: `${id}`, endCursor: `${id}` },
    },
  },
});

const refusal = { errors: [{ message: 'No.', extensions: { code: 'BUSY' } }] };

/** A store of pages with one event each, up to two; the gateway gives these answers. */
async function openHistory(...answers: readonly object[]) {
  await using resources = new AsyncDisposableStack();
  const asked: unknown[] = [];
  const left = [...answers];
  const fetch = (_url: string, { body }: { body: string }) => {
    const { last, before } = JSON.parse(body).variables;
    asked.push({ last, before });
    return Promise.resolve({ status: 200, text: async () => JSON.stringify(left.shift()) });
  };
  const client = resources.use(createClient({ url: 'http://127.0.0.1:1', fetch }));
  const store = createHistoryStore(client, { pageSize: 1, limit: 2 });
  const loaded = () =>
    new Promise<void>((resolve) => {
      const stop = store.subscribe(() => {
        if (store.get().isLoading) return;
        stop();
        resolve();
      });
    });
  await loaded();
  const owned = resources.move();
  return {
    asked,
    ids: () => store.get().events.map(({ id }) => id),
    get: store.get,
    /** Calls it, and waits for the answer. */
    async settle(name: 'loadMore' | 'reload') {
      const done = loaded();
      store.get()[name]();
      await done;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

test('after a reload that failed, loadMore begins again with the newest page', async () => {
  const answers = [pageOf(2, true), pageOf(1, true), refusal, pageOf(3, true)];
  await using history = await openHistory(...answers);
  await history.settle('loadMore');
  expect(history.ids()).toEqual(['2', '1']);
  await history.settle('reload');
  expect(history.ids()).toEqual(['2', '1']);
  expect(history.get().error).toMatchObject({ code: 'GRAPHQL' });
  await history.settle('loadMore');
  expect(history.asked.at(-1)).toEqual({ last: 1, before: undefined });
  expect(history.ids()).toEqual(['3']);
});

test('after an older page that failed, loadMore asks for it again', async () => {
  await using history = await openHistory(pageOf(2, true), refusal, pageOf(1, false));
  await history.settle('loadMore');
  await history.settle('loadMore');
  expect(history.asked.slice(1)).toEqual([
    { last: 1, before: '2' },
    { last: 1, before: '2' },
  ]);
  expect(history.ids()).toEqual(['2', '1']);
});

test('the cursor is that of the newest page', async () => {
  await using history = await openHistory(pageOf(2, true), pageOf(1, false), pageOf(3, true));
  expect(history.get().cursor).toBe('2');
  await history.settle('loadMore');
  expect(history.get().cursor).toBe('2');
  await history.settle('reload');
  expect(history.get().cursor).toBe('3');
});
