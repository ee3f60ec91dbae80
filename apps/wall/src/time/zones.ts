import type { Site } from '@se5/client';

/** A time zone in which the page may show all times. */
export interface ZoneChoice {
  /** IANA name. */
  readonly zone: string;
  /** The names of the sites that are in it. */
  readonly sites: readonly string[];
  /** Whether the reader is in it. */
  readonly isReaders: boolean;
}

export const readersZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zones of the sites, in their order, and the reader's last; each once. */
export function zonesOf(sites: readonly Site[], reader: string): readonly ZoneChoice[] {
  const owners = new Map<string, string[]>();
  for (const { timezone, name } of sites) {
    if (timezone !== null) owners.set(timezone, [...(owners.get(timezone) ?? []), name]);
  }
  if (!owners.has(reader)) owners.set(reader, []);
  return [...owners].map(([zone, names]) => ({ zone, sites: names, isReaders: zone === reader }));
}

/** That of the sites where all have the same one; else the reader's. */
export function defaultZone(sites: readonly Site[], reader: string): string {
  const [first, ...others] = new Set(sites.map(({ timezone }) => timezone));
  return first != null && others.length === 0 ? first : reader;
}
