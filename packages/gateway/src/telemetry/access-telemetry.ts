import type { AccessObserver } from '../access/access-control.ts';
import { errorFields } from './error-fields.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { Throttle } from './throttle.ts';

/** What happens again and again while something is wrong is logged once in so long, in ms. */
const REPEATED_LOG_INTERVAL_MS = 60_000;

export interface AccessSharingObserver {
  /** The deny lists of a cluster can't be shared for now: told after each attempt. */
  readonly sharingFailed: (error: unknown) => void;
}

/** Issuers are those of the configuration. No token, and no subject of one, is logged. */
export function createAccessTelemetry(
  logger: Logger,
  metrics: Pick<Metrics, 'wrongToken'>,
): AccessObserver & AccessSharingObserver {
  const repeated = new Throttle<string>(REPEATED_LOG_INTERVAL_MS);
  return {
    wrongToken(address = 'this machine', attempts) {
      metrics.wrongToken();
      const unlogged = repeated.pass('wrong token');
      if (unlogged === undefined) return;
      logger.warn({ address, attempts, unlogged }, `a wrong token came from ${address}`);
    },
    tokenRefused(issuer, reason) {
      const unlogged = repeated.pass(`refused ${issuer}`);
      if (unlogged === undefined) return;
      logger.warn({ issuer, reason, unlogged }, `a token of ${issuer} was refused: ${reason}`);
    },
    issuerUnavailable(issuer, error) {
      const unlogged = repeated.pass(`unavailable ${issuer}`);
      if (unlogged === undefined) return;
      logger.error(
        { issuer, unlogged, ...errorFields(error) },
        `the keys of ${issuer} can't be had: its tokens are answered with ISSUER_UNAVAILABLE unless earlier keys are at hand; see access.jwt`,
      );
    },
    unknownRoles(roles) {
      const unlogged = repeated.pass('unknown roles');
      if (unlogged === undefined) return;
      const named = roles.slice(0, MAX_NAMED).map((role) => role.slice(0, MAX_NAME_LENGTH));
      logger.warn(
        { roles: named, unlogged },
        'a token allows nothing: access.roles has none of its roles',
      );
    },
    denyListRead(content, entries) {
      switch (content.kind) {
        case 'text':
          logger.info({ entries }, `the deny list has ${entries} entries`);
          return;
        case 'missing':
          logger.warn({}, 'there is no file of access.deny: it denies nobody');
          return;
        case 'too large':
          logger.error(
            { entries, maxBytes: content.maxBytes },
            `the file of access.deny has more than ${content.maxBytes} bytes: what it held before stays in force`,
          );
          return;
        case 'unreadable':
          logger.error(
            { entries, ...errorFields(content.error) },
            "the file of access.deny can't be read: what it held before stays in force",
          );
      }
    },
    sharingFailed(error) {
      const unlogged = repeated.pass('sharing');
      if (unlogged === undefined) return;
      logger.error(
        { unlogged, ...errorFields(error) },
        'the deny lists of the cluster can’t be shared for now: what is known of the others stays in force, and the gateway tries on',
      );
    },
    ended(connections) {
      logger.info(
        { connections },
        `${connections} connections were ended: their credentials allow something else now, or nothing`,
      );
    },
  };
}

/** A token may name many roles. */
const MAX_NAMED = 10;
const MAX_NAME_LENGTH = 64;
