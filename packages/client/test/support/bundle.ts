import { fileURLToPath } from 'node:url';
import { type InputOptions, rolldown } from 'rolldown';

export interface BundleOptions {
  readonly minify: boolean;
  /** Below `src`. Default: all that the package exports. */
  readonly module?: string;
}

/** The client as one script that leaves its exports in `se5`, and takes React from `React`. */
export const bundleClient = ({ minify, module = 'index.ts' }: BundleOptions): Promise<string> =>
  bundle(`../../src/${module}`, minify, { platform: 'neutral', external: 'react' });

/** A page of a test, with React as it is for development, as one script that leaves its exports in `se5`. */
export const bundlePage = (module: string): Promise<string> =>
  bundle(`../${module}`, false, {
    platform: 'browser',
    transform: { define: { 'process.env.NODE_ENV': '"development"' } },
  });

async function bundle(module: string, minify: boolean, options: InputOptions): Promise<string> {
  const input = fileURLToPath(new URL(module, import.meta.url));
  await using bundle = await rolldown({ ...options, input });
  const globals = { react: 'React' };
  const { output } = await bundle.generate({ format: 'iife', name: 'se5', minify, globals });
  if (output.length !== 1) throw new Error(`${module} is ${output.length} files, not one`);
  return output[0].code;
}
