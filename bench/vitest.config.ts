import { defineConfig } from 'vitest/config';

const conditions = ['@se5/source', 'module-sync', 'node'];

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    include: ['test/**/*.test.ts'],
    // Generous: a machine that is busy with other packages is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
