import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FollowedFile } from '../../src/world/followed-file.ts';

it('tells the lines that are appended, whole, and none of before', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'se5-followed-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const path = join(folder, 'log');
  await writeFile(path, 'before\n');
  const lines: string[] = [];
  const both = Promise.withResolvers<void>();
  const file = await FollowedFile.follow(path, (line) => {
    lines.push(line);
    if (lines.length === 2) both.resolve();
  });
  await appendFile(path, 'one\ntw');
  await appendFile(path, 'o\n');
  await both.promise;
  await appendFile(path, 'last\nunfinished');
  await file[Symbol.asyncDispose]();
  expect(lines).toEqual(['one', 'two', 'last']);
});
