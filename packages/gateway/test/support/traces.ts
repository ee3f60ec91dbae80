import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files below the folder that hold any of these bytes. One that goes meanwhile holds nothing. */
export async function filesWith(
  folder: string,
  ...traces: readonly (string | Buffer)[]
): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const file of files) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const bytes = await readFile(path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      return undefined;
    });
    if (traces.some((trace) => bytes?.includes(trace))) found.push(path);
  }
  return found;
}
