import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

export interface BundleOptions {
  readonly minify: boolean;
  /** Below `src`. Default: all that the package exports. */
  readonly module?: string;
}

/** The client as one script that leaves its exports in `se5`. */
export async function bundleClient({
  minify,
  module = 'index.ts',
}: BundleOptions): Promise<string> {
  const entry = fileURLToPath(new URL(`../../src/${module}`, import.meta.url));
  await using bundle = await rolldown({ input: entry, platform: 'neutral' });
  const { output } = await bundle.generate({ format: 'iife', name: 'se5', minify });
  if (output.length !== 1) throw new Error(`the client is ${output.length} files, not one`);
  return output[0].code;
}
