import { testConfig } from '../scripts/vitest/test-config.ts';

export default testConfig({ timeoutMs: 60_000 });
