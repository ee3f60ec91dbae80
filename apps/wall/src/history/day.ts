/** A day of the calendar, `2026-11-29`. */
export type Day = string;

/** In Sweden, dates are written as ISO 8601 has them. */
const partsIn = (zone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });

/** The day at that time, by the clocks of a zone. */
export const dayAt = (ms: number, zone: string): Day => partsIn(zone).format(ms);

export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** @param days may be negative. */
export const daysLater = (day: Day, days: number): Day =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** When the day begins, in ms since the Unix epoch: the first time at which the zone has it. */
export function startOf(day: Day, zone: string): number {
  const noon = Date.parse(`${day}T12:00:00Z`);
  // No zone is further than 14 hours from UTC, and clocks change by quarters of an hour.
  let [before, at] = [noon - 27 * 3_600_000, noon + 15 * 3_600_000];
  while (at - before > 60_000) {
    const middle = before + Math.floor((at - before) / 120_000) * 60_000;
    if (dayAt(middle, zone) < day) before = middle;
    else at = middle;
  }
  return at;
}

/** Begin and end of a day, as the gateway's filter takes them. */
export const boundsOf = (
  day: Day,
  zone: string,
): { readonly from: string; readonly to: string } => ({
  from: new Date(startOf(day, zone)).toISOString(),
  to: new Date(startOf(daysLater(day, 1), zone)).toISOString(),
});
