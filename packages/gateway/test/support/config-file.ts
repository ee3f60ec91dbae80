import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A configuration file, in a directory that goes with it. */
export async function configFile(text: string | Uint8Array) {
  const directory = await mkdtempDisposable(join(tmpdir(), 'se5-gateway-'));
  const path = join(directory.path, 'gateway.yaml');
  await writeFile(path, text);
  return { path, [Symbol.asyncDispose]: () => directory.remove() };
}
