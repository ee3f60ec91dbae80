import { testConfig } from '../scripts/vitest/test-config.ts';

/** Ends a run that hangs, in ms: a run may take its start, its faults and the time until it settled. */
const HANG_MS = 1_000_000;

export default testConfig({ hangMs: HANG_MS });
