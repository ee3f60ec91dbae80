/** A program: finds traces in files, one request of its parent after the other; ends with its parent. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `folder` is an absolute path; the files below it are read in full. */
export interface TracesRequest {
  readonly folder: string;
  readonly traces: readonly (string | Buffer)[];
}

/** Paths of files, or the error that ended the search. */
export type TracesAnswer = { readonly found: readonly string[] } | { readonly error: unknown };

async function find({ folder, traces }: TracesRequest): Promise<string[]> {
  const found: string[] = [];
  for await (const path of filesBelow(folder)) {
    const bytes = await readFile(path).catch(ifGone(Buffer.alloc(0)));
    if (traces.some((trace) => bytes.includes(trace))) found.push(path);
  }
  return found;
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const file of await readdir(folder, { withFileTypes: true }).catch(ifGone([]))) {
    const path = join(folder, file.name);
    if (file.isDirectory()) yield* filesBelow(path);
    if (file.isFile()) yield path;
  }
}

/** What to take for a file or a folder that is not there any more. */
function ifGone<Value>(value: Value) {
  return (error: NodeJS.ErrnoException): Value => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}

process.on('message', (request: TracesRequest) => {
  void find(request).then(
    (found) => process.send?.({ found } satisfies TracesAnswer),
    (error: unknown) => process.send?.({ error } satisfies TracesAnswer),
  );
});
