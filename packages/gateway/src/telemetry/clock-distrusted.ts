/** What the log says while retention does not believe the wall clock. */
export const clockDistrusted = (
  aheadMs: number,
  what: 'event' | 'picture' | 'file of the audit',
): string =>
  `this machine’s clock is ${Math.round(aheadMs / 60_000)} min ahead of the expected time; ` +
  `no ${what} is deleted by age until the clock has kept this time for an hour`;
