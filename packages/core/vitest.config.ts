import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@se5/source'] } },
  resolve: { conditions: ['@se5/source'] },
  // Generous: a machine that is busy with other packages is no failure.
  test: { include: ['test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
});
