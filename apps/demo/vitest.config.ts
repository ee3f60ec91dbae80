import { defineConfig } from 'vitest/config';

// `module-sync` is what Node itself goes by: with it there is one copy of graphql, not two.
const conditions = ['@se5/source', 'module-sync', 'node'];

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: '../../scripts/chromium/global-setup.ts',
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
