import { mergeConfig } from 'vitest/config';
import { testConfig } from '../scripts/vitest/test-config.ts';

export default mergeConfig(testConfig({ chromium: true }), {
  test: { globalSetup: ['test/support/pack-client.ts'] },
});
