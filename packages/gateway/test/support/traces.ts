import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The files below the folder that hold any of these bytes. One that goes meanwhile holds nothing.
 *
 * A program of its own copies them first: to close a file of a journal that a gateway in this
 * process has open would give up the gateway's locks on it.
 */
export async function filesWith(
  folder: string,
  ...traces: readonly (string | Buffer)[]
): Promise<string[]> {
  await using parts = new AsyncDisposableStack();
  const copies = await mkdtemp(join(tmpdir(), 'se5-traces-'));
  parts.defer(() => rm(copies, { recursive: true }));
  await run('cp', ['-r', `${folder}/.`, copies]).catch(unlessGone);
  const files = await readdir(copies, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const file of files) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const bytes = await readFile(path);
    if (traces.some((trace) => bytes.includes(trace))) {
      found.push(join(folder, relative(copies, path)));
    }
  }
  return found;
}

function unlessGone(error: unknown): void {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const lines = said.trim().split('\n');
  if (!lines.every((line) => line.endsWith('No such file or directory'))) throw error;
}
