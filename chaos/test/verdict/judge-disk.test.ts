import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judgeDisk } from '../../src/verdict/judge-disk.ts';
import { PERSONS } from '../../src/world/persons.ts';
import { whats } from './records.ts';

const ids = PERSONS.map(({ identityId }) => identityId);

it('reports each file that holds an id among its bytes, however deep', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'se5-judge-disk-'));
  stack.defer(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'images', 'tmp'), { recursive: true });
  await writeFile(join(folder, 'keys.db'), 'erasable person');
  expect(await judgeDisk(folder, ids)).toEqual([]);
  const bytes = Buffer.concat([Buffer.from([0xff, 0, 0xc3]), Buffer.from(`${ids[3]}\0`)]);
  await writeFile(join(folder, 'journal.db-wal'), bytes);
  await writeFile(join(folder, 'images', 'tmp', 'face'), bytes);
  expect(whats(await judgeDisk(folder, ids)).toSorted()).toEqual([
    'images/tmp/face holds the id of a person',
    'journal.db-wal holds the id of a person',
  ]);
});

it('knows ids of which none is found where another is', () => {
  for (const id of ids) expect(ids.filter((other) => other.includes(id))).toEqual([id]);
});
