import { describe, expect, it } from 'vitest';
import type { Directory } from '../../src/fleet/directory.ts';
import { directoryWith } from '../support/directory.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxId } from '../support/recognitions.ts';

/** The ids that were looked up at once: a batch, to a directory that is far away. */
interface Batches {
  readonly site: string[][];
  readonly box: string[][];
  readonly findDevices: string[][];
}

function countBatches(directory: Directory, batches: Batches): Directory {
  const closed = new WeakSet<string[]>();
  const count = (made: string[][], id: string): string => {
    let batch = made.at(-1);
    if (batch === undefined || closed.has(batch)) {
      const opened: string[] = [];
      queueMicrotask(() => closed.add(opened));
      made.push(opened);
      batch = opened;
    }
    batch.push(id);
    return id;
  };
  return directoryWith(directory, {
    site: (id) => directory.site(count(batches.site, id)),
    box: (id) => directory.box(count(batches.box, id)),
    findDevices: (id) => directory.findDevices(count(batches.findDevices, id)),
  });
}

const PARENTS = 'device { id box { id } site { id } } box { id site { id } } site { id }';

describe('the loaders', () => {
  it('ask for the parents of 100 events in one batch of each kind, each of them once', async () => {
    const batches: Batches = { site: [], box: [], findDevices: [] };
    await using gateway = new InsideGraphQL({
      directory: (inside) => countBatches(inside, batches),
    });
    await gateway.inside.events(50);
    for (let made = 0; made < 50; made += 1) await gateway.inside.event({ boxId: boxId('b') });
    const { data, errors } = await gateway.ask(
      `{ recognitionEvents(first: 100) { edges { node { ${PARENTS} } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.['recognitionEvents']).toMatchObject({ edges: { length: 100 } });
    expect(batches).toEqual({
      site: [['hq', 'plant']],
      box: [['a', 'b']],
      findDevices: [['a/gate', 'b/gate']],
    });
  });

  it('remember nothing from one event of a subscription to the next', async () => {
    await using gateway = new InsideGraphQL();
    const subscription = await gateway.subscribe(
      'subscription { recognitionEvents { device { name } } }',
    );
    const nameOfNext = async () => {
      await gateway.inside.event();
      const { value } = await subscription.next();
      return value?.data;
    };
    expect(await nameOfNext()).toMatchObject({
      recognitionEvents: { device: { name: 'Device gate' } },
    });
    const [gate] = gateway.inside.directory.devices(boxId('a'));
    if (!gate) throw new Error('box a has no device');
    gateway.inside.directory.list(boxId('a'), [{ ...gate, name: 'East gate', extra: {} }]);
    expect(await nameOfNext()).toMatchObject({
      recognitionEvents: { device: { name: 'East gate' } },
    });
    await subscription.return();
  });
});
