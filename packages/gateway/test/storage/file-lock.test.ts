import { spawnSync } from 'node:child_process';
import { chmod, mkdtempDisposable, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { holdAlone } from '../../src/storage/file-lock.ts';
import { inOtherProcess } from '../support/other-process.ts';

it('stays held against other processes when somebody in this one asks for it too', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-lock-'));
  const path = join(folder.path, 'lock');
  {
    using held = holdAlone(path);
    expect(held).toBeDefined();
    expect(holdAlone(path)).toBeUndefined();
    expect(inOtherProcess(path, 'BEGIN EXCLUSIVE')).toBe('database is locked');
  }
  expect(inOtherProcess(path, 'BEGIN EXCLUSIVE')).toBe('done');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('is not held by who may only read the file: others could hold it too', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-lock-'));
  const path = join(folder.path, 'lock');
  await writeFile(path, '');
  await chmod(path, 0o444);
  await chmod(folder.path, 0o755);
  const script = fileURLToPath(new URL('../fixtures/hold-as-nobody.ts', import.meta.url));
  const { stdout } = spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
  expect(stdout.trim()).toBe('EACCES');
});
