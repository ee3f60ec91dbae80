/** Half open: `to` is not part of it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The same times in as few spans as possible, in order. Empty spans are left out. */
export function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (span.to <= span.from) continue;
    if (last === undefined || span.from > last.to) merged.push(span);
    else if (span.to > last.to) merged[merged.length - 1] = { from: last.from, to: span.to };
  }
  return merged;
}

/** What of the spans lies in none of the others, in order. */
export function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  let left = union(spans);
  for (const { from, to } of others) {
    left = left.flatMap((span) => [
      { from: span.from, to: Math.min(span.to, from) },
      { from: Math.max(span.from, to), to: span.to },
    ]);
    left = left.filter((span) => span.from < span.to);
  }
  return left;
}
