/** What the bench writes, and where. */

const results = new URL('../results/', import.meta.url);

/** The last full run. */
export const LATEST = new URL('latest.json', results);
export const GROWTH_CHART = new URL('growth.svg', results);
export const PERFORMANCE_PAGE = new URL('../../docs/performance.md', import.meta.url);

/** A quick run, or one of some figures only: not what is quoted. */
export const PARTIAL = new URL('partial.json', results);
