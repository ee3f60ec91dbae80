import { canonicalJson } from '../canonical-json.ts';
import type { AccessConfig } from './access.ts';
import type { GatewayConfig } from './config.ts';

/**
 * Whether a running gateway may put the section `access` of a file in force. One that asks for
 * credentials does not stop asking: whether nobody needs any was judged for the `listen` of that
 * file, and the gateway listens where it did at its start.
 */
export const mayApplyAccess = (running: AccessConfig, next: AccessConfig): boolean =>
  running.kind === 'open' || next.kind !== 'open';

/** The sections that a running gateway puts in force; see `mayApplyAccess`. */
const RELOADED: readonly (keyof GatewayConfig)[] = ['access', 'watch'];

/**
 * The keys of the file in which two configurations differ, but for what a running gateway takes
 * over.
 */
export function needingRestart(started: GatewayConfig, next: GatewayConfig): readonly string[] {
  const sections = { ...started, ...next };
  const differing = (Object.keys(sections) as (keyof GatewayConfig)[])
    .filter((key) => !RELOADED.includes(key) && !isEqual(started[key], next[key]))
    .map((key) => key.replace(/Ms$/, ''));
  const isAuditEqual = isEqual(started.access.audit, next.access.audit);
  return isAuditEqual ? differing : [...differing, 'access.audit'];
}

const isEqual = (one: unknown, other: unknown): boolean =>
  canonicalJson([one]) === canonicalJson([other]);
