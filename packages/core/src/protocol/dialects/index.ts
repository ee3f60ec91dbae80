import type { Dialect } from '../dialect.ts';
import { v5 } from './v5.ts';

const dialects = { v5 } satisfies Record<string, Dialect>;

/** Which names a box uses on the wire: `v5`. */
export type DialectName = keyof typeof dialects;

export const dialectNamed = (name: DialectName): Dialect => dialects[name];
