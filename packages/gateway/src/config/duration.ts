const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export const DURATION_FORM = 'a duration in ms, s, min, h or d, such as 500ms, 10min or 30d';

/** `10min` → 600,000 ms. Undefined when it is no duration above zero. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(ms|s|min|h|d)$/.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const ms = Math.round(Number(amount) * (UNITS[unit] ?? 0));
  return ms > 0 && Number.isSafeInteger(ms) ? ms : undefined;
}
