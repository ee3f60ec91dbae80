import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@se5/source'] } },
  resolve: { conditions: ['@se5/source'] },
  test: { include: ['test/**/*.test.ts'] },
});
