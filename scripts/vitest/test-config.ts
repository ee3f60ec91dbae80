import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { nodeProblem } from './needed-node.ts';

const problem = nodeProblem(process.versions.node);
if (problem !== undefined) {
  // An error that is thrown would come with a stack, and an older Node fails to print some.
  console.error(problem);
  process.exit(1);
}

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

// Packages run from source; `module-sync` is what Node itself goes by: with it there is one copy
// of graphql, not two.
const conditions = ['@se5/source', 'module-sync', 'node'];

/**
 * Ends a test or a hook that hangs. It decides nothing else: no test is this slow, even where other
 * work takes most of the machine.
 */
const HANG_MS = 300_000;

/** Ends an `expect.poll` that hangs, before its test ends: so the test reports the last value. */
const POLL_HANG_MS = 60_000;

/** Ends a wait for something on a page that hangs, before its test ends; in ms. */
export const PAGE_HANG_MS = 120_000;

export interface TestOptions {
  /** Where the tests are, from the package's folder. Default `test`. */
  readonly folder?: string;
  /** Whether tests open pages in Chromium. Default false. */
  readonly chromium?: boolean;
  /** Ends a test or a hook that hangs, in ms. Default 300,000. */
  readonly hangMs?: number;
}

/** How a package's tests run. */
export const testConfig = ({
  folder = 'test',
  chromium = false,
  hangMs = HANG_MS,
}: TestOptions = {}): ViteUserConfig =>
  defineConfig({
    ssr: { resolve: { conditions } },
    resolve: { conditions },
    test: {
      include: [`${folder}/**/*.test.ts`],
      // Files leave nothing behind, so they can share a process and the modules that it has loaded:
      // loading them for each file took more than half of the time. One process for each core, since
      // many tests wait for processes of their own.
      isolate: false,
      maxWorkers: '100%',
      globalSetup: chromium ? [fromRoot('scripts/chromium/global-setup.ts')] : [],
      testTimeout: hangMs,
      hookTimeout: hangMs,
      expect: { poll: { timeout: POLL_HANG_MS } },
      // Tests start many processes: what Node made of the sources for one serves the next.
      env: { NODE_COMPILE_CACHE: fromRoot('node_modules/.cache/node') },
    },
  });
