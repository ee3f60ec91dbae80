import { defineConfig } from 'vitest/config';

// `module-sync` is what Node itself goes by: with it there is one copy of graphql, not two.
const conditions = ['@se5/source', 'module-sync', 'node'];

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: '../../scripts/chromium/global-setup.ts',
    // Generous: a machine that is busy with other packages is no failure.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
