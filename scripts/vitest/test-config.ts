import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

// Packages run from source; `module-sync` is what Node itself goes by: with it there is one copy
// of graphql, not two.
const conditions = ['@se5/source', 'module-sync', 'node'];

/** Generous: a machine that is busy with other packages is no failure. */
const TIMEOUT_MS = 30_000;

export interface TestOptions {
  /** Whether tests open pages in Chromium. Default false. */
  readonly chromium?: boolean;
  /** Of a test, and of a hook, in ms. Default 30,000. */
  readonly timeoutMs?: number;
}

/** How a package's tests run. */
export const testConfig = ({
  chromium = false,
  timeoutMs = TIMEOUT_MS,
}: TestOptions = {}): ViteUserConfig =>
  defineConfig({
    ssr: { resolve: { conditions } },
    resolve: { conditions },
    test: {
      include: ['test/**/*.test.ts'],
      globalSetup: chromium ? [fromRoot('scripts/chromium/global-setup.ts')] : [],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      // Tests start many processes: what Node made of the sources for one serves the next.
      env: { NODE_COMPILE_CACHE: fromRoot('node_modules/.cache/node') },
    },
  });
