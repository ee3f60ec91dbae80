import { testConfig } from '../../scripts/vitest/test-config.ts';

export default testConfig({ chromium: true });
