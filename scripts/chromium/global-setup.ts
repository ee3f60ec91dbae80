import type { TestProject } from 'vitest/node';
import { findChromium } from './find-chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The executable of an installed Chromium. */
    chromiumPath: string;
  }
}

/**
 * How tests come by a browser: a package names this file as `globalSetup` in its vitest.config.ts
 * and in the `include` of its tsconfig.json, and its tests launch
 * `{ executablePath: inject('chromiumPath') }`. `pnpm test` has put a Chromium there before.
 */
export function setup({ provide }: TestProject): void {
  const path = findChromium();
  if (path === undefined) throw new Error('No Chromium: run `pnpm chromium`');
  provide('chromiumPath', path);
}
