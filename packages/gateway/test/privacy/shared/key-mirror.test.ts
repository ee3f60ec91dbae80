import { randomBytes } from 'node:crypto';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { KeyMirror } from '../../../src/privacy/shared/key-mirror.ts';

const NOTHING = { keys: [], forgotten: [], erasures: [] };

it('keeps no byte of a forgotten key, also when the file could not be written anew at once', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-key-mirror-'));
  const path = join(folder.path, 'keys.db');
  const keys = Array.from({ length: 300 }, (_, index) => ({
    id: `tag-${index}`,
    owner: `name-${index}`,
    key: randomBytes(32),
    usedOn: 10,
  }));
  using mirror = new KeyMirror(path);
  mirror.apply({ ...NOTHING, keys }, 10);
  using other = new DatabaseSync(path);
  // What SQLite says of a full disk, from within the rewriting.
  other.exec(`CREATE TRIGGER full BEFORE UPDATE ON file WHEN NEW.is_unclean = 0
    BEGIN SELECT raise(ABORT, 'full'); END`);
  const forgotten = keys.flatMap(({ id }, index) => (index % 20 === 0 ? [id] : []));
  expect(() => mirror.apply({ ...NOTHING, forgotten }, 10)).toThrow(/the key file/);
  other.exec('DROP TRIGGER full');
  mirror.apply({ ...NOTHING, keys, forgotten }, 10);
  expect(other.prepare('SELECT is_unclean FROM file').get()).toEqual({ is_unclean: 0 });
  const bytes = await readFile(path);
  for (const { id, key } of keys) expect(bytes.includes(key)).toBe(!forgotten.includes(id));
  expect(mirror.keys(forgotten)).toEqual([]);
  expect(mirror.content.forgotten).toEqual(forgotten);
});
