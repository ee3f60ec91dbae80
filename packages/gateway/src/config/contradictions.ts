import { DEFAULT_LIMITS, type LimitsConfig } from './limits.ts';
import type { Violation } from './problems.ts';
import { parseSize } from './size.ts';
import { DEFAULT_SLOW_CLIENTS } from './slow-clients.ts';

type Reader = (written: unknown) => number | undefined;

const sizeOf: Reader = (written) => (typeof written === 'string' ? parseSize(written) : undefined);
const countOf: Reader = (written) => (/^\d+$/.test(String(written)) ? Number(written) : undefined);

/** Each limit beside the one that holds it: a larger one never takes effect. */
const HELD_BY = [
  { key: 'documentBytes', holder: 'messageBytes', read: sizeOf },
  { key: 'argumentBytes', holder: 'messageBytes', read: sizeOf },
  { key: 'unreadBytesPerAddress', holder: 'unreadBytes', read: sizeOf },
  { key: 'connectionsPerAddress', holder: 'connections', read: countOf },
] as const satisfies readonly Held[];

interface Held {
  readonly key: Exclude<keyof LimitsConfig, 'proxies'>;
  readonly holder: Exclude<keyof LimitsConfig, 'proxies'>;
  /** Undefined for a value that is not of the right form, which is told by itself. */
  readonly read: Reader;
}

/** Limits that were written and can't be reached. A default above a lower limit does no harm. */
export function unreachableLimits(limits: Readonly<Record<string, unknown>>): Violation[] {
  return HELD_BY.flatMap(({ key, holder, read }): Violation[] => {
    const bound = read(limits[key]);
    const most = limits[holder] === undefined ? DEFAULT_LIMITS[holder] : read(limits[holder]);
    if (bound === undefined || most === undefined || bound <= most) return [];
    const message =
      `found ${bound}, but limits.${holder} lets at most ${most} through; ` +
      `raise limits.${holder}, or lower limits.${key}`;
    return [{ path: ['limits', key], message }];
  });
}

export function budgetsAgainstEachOther(
  slowClients: Readonly<Partial<Record<'softBytes' | 'hardBytes', unknown>>>,
): Violation[] {
  const { softBytes, hardBytes } = slowClients;
  const soft = softBytes === undefined ? DEFAULT_SLOW_CLIENTS.softBytes : sizeOf(softBytes);
  const hard = hardBytes === undefined ? DEFAULT_SLOW_CLIENTS.hardBytes : sizeOf(hardBytes);
  if (soft === undefined || hard === undefined || soft <= hard) return [];
  const found = `found softBytes of ${soft} bytes and hardBytes of ${hard}`;
  const advice = 'hardBytes is at least softBytes: raise the one, or lower the other';
  return [{ path: ['slowClients'], message: `${found}; ${advice}` }];
}
