import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const entry = fileURLToPath(new URL('../../src/index.ts', import.meta.url));

/** The client as one script that leaves its exports in `se5`. */
export async function bundleClient({ minify }: { readonly minify: boolean }): Promise<string> {
  await using bundle = await rolldown({ input: entry, platform: 'neutral' });
  const { output } = await bundle.generate({ format: 'iife', name: 'se5', minify });
  if (output.length !== 1) throw new Error(`the client is ${output.length} files, not one`);
  return output[0].code;
}
