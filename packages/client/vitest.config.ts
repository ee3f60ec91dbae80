import { defineConfig } from 'vitest/config';

// `module-sync` is what Node itself goes by: with it there is one copy of graphql, not two.
const conditions = ['@se5/source', 'module-sync', 'node'];

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  // Generous: a machine that is busy with other packages is no failure.
  test: { include: ['test/**/*.test.ts'], testTimeout: 30_000 },
});
