/** How much of a full store an owner may keep, beside the others' shares; 1 where nothing is said. */
export type Shares = ReadonlyMap<string, number>;

/** Who holds the most for its share; undefined when nobody holds anything. */
export function heaviest(
  held: Iterable<readonly [string, number]>,
  shares: Shares,
): string | undefined {
  let most = 0;
  let found: string | undefined;
  for (const [owner, bytes] of held) {
    const forShare = bytes / (shares.get(owner) ?? 1);
    if (forShare <= most) continue;
    most = forShare;
    found = owner;
  }
  return found;
}
