import { defineConfig } from 'vitest/config';

const conditions = ['@se5/source', 'module-sync', 'node'];

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: { include: ['test/**/*.test.ts'] },
});
