/** The smallest value that is at least as large as this part of all; 0 where there are none. */
export function percentile(values: readonly number[], part: number): number {
  const ordered = values.toSorted((one, other) => one - other);
  return ordered[Math.max(0, Math.ceil(ordered.length * part) - 1)] ?? 0;
}
