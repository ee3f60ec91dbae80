/** The same in the opposite order, also where there is no `toReversed`. */
export function newestFirst<T>(oldestFirst: readonly T[]): T[] {
  const list: T[] = [];
  for (const one of oldestFirst) list.unshift(one);
  return list;
}
