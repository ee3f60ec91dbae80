import { createGateway, parseConfig } from '@se5/gateway';
import { afterEach, expect, test, vi } from 'vitest';
import { createClient } from '../../src/index.ts';
import { createBoxesStore } from '../../src/react/use-boxes.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A gateway in front of boxes that refuse it, and whose states change with each attempt. */
const startGateway = (port: number, ...ids: readonly string[]) => {
  const boxes = ids.map((id, index) => {
    const host = `127.0.0.${index + 1}`;
    return { id, host, eventPort: 1, apiPort: 2 };
  });
  const sites = [{ id: 'hq', name: 'Headquarters', boxes }];
  const journal = { path: 'memory' };
  return createGateway(
    parseConfig(JSON.stringify({ listen: `127.0.0.1:${port}`, journal, sites })),
  );
};

test('after a restart of the gateway the boxes stay, and one that is gone leaves', async () => {
  // Each change is a rendering of its own.
  vi.stubGlobal('requestAnimationFrame', (render: () => void) => render());
  await using resources = new AsyncDisposableStack();
  const first = await startGateway(0, 'hq-lobby', 'hq-garage', 'hq-yard');
  resources.use(first);
  const options = { url: first.url, backoffMs: { min: 1, max: 10 } };
  const client = resources.use(createClient(options));
  const store = createBoxesStore(client, {});
  const rendered = new Set<string>();
  const renders = (boxes: string) =>
    new Promise<void>((resolve) => {
      const stop = store.subscribe(() => {
        const ids = store.get().boxes.map(({ id }) => id);
        rendered.add(ids.join());
        if (ids.join() === boxes) resolve();
      });
      resources.defer(stop);
    });
  await renders('hq-lobby,hq-garage,hq-yard');
  rendered.clear();
  const withoutYard = renders('hq-lobby,hq-garage');
  await first[Symbol.asyncDispose]();
  resources.use(await startGateway(first.port, 'hq-lobby', 'hq-garage'));
  await withoutYard;
  expect([...rendered]).toEqual(['hq-lobby,hq-garage,hq-yard', 'hq-lobby,hq-garage']);
});
