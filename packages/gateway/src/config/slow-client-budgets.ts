import type { Violation } from './problems.ts';
import { parseSize } from './size.ts';
import { DEFAULT_SLOW_CLIENTS } from './slow-clients.ts';

const sizeOf = (written: unknown): number | undefined =>
  typeof written === 'string' ? parseSize(written) : undefined;

export function budgetsAgainstEachOther(
  slowClients: Readonly<Partial<Record<'softBytes' | 'hardBytes', unknown>>>,
): Violation[] {
  const { softBytes, hardBytes } = slowClients;
  const soft = softBytes === undefined ? DEFAULT_SLOW_CLIENTS.softBytes : sizeOf(softBytes);
  const hard = hardBytes === undefined ? DEFAULT_SLOW_CLIENTS.hardBytes : sizeOf(hardBytes);
  if (soft === undefined || hard === undefined || soft <= hard) return [];
  const found = `found softBytes of ${soft} bytes and hardBytes of ${hard}`;
  const advice = 'hardBytes must be at least softBytes: raise hardBytes, or lower softBytes';
  return [{ path: ['slowClients'], message: `${found}; ${advice}` }];
}
