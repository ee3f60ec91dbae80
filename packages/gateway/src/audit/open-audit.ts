import type { Clock } from '@se5/core';
import { type AuditConfig, STDOUT } from '../config/access.ts';
import { explainDiskFailure } from '../storage/disk-failure.ts';
import { clockDistrusted } from '../telemetry/clock-distrusted.ts';
import { LogOutput } from '../telemetry/log-output.ts';
import type { Logger } from '../telemetry/logger.ts';
import { Throttle } from '../telemetry/throttle.ts';
import { type Audit, NO_AUDIT } from './audit.ts';
import { AuditQueue, type AuditQueueObserver, droppedLine } from './audit-queue.ts';
import { DailyFiles } from './daily-files.ts';
import { WrittenAudit, type WrittenAuditOptions } from './written-audit.ts';

/** Between two looks at what is too old, in ms. */
const CLEAN_INTERVAL_MS = 3_600_000;

/** While lines are being lost, a line of the log in so long says so. */
const LOG_INTERVAL_MS = 60_000;

export interface OpenAudit extends AsyncDisposable {
  readonly audit: Audit;
  /** Lines of the audit that could not be written since the start. */
  readonly linesLost: number;
}

export interface OpenAuditOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Of stdout. Default: 1. */
  readonly fd?: number;
}

/**
 * Opens the audit as configured. Never throws: what can't be written waits, and the log says so.
 * Disposing writes what waits; nothing may be told afterwards.
 */
export function openAudit(
  config: AuditConfig | undefined,
  { logger, clock, fd = 1 }: OpenAuditOptions,
): OpenAudit {
  if (!config) return { audit: NO_AUDIT, linesLost: 0, async [Symbol.asyncDispose]() {} };
  return config.path === STDOUT ? auditToStdout(clock, fd) : auditToFolder(config, logger, clock);
}

const written = (write: WrittenAuditOptions['write'], clock: Clock): Audit =>
  new WrittenAudit({ write, now: () => clock.now(), elapsed: () => clock.elapsed() });

function auditToStdout(clock: Clock, fd: number): OpenAudit {
  const time = () => new Date(clock.now()).toISOString();
  const output = new LogOutput(fd, (lost) => `${droppedLine(time(), lost)}\n`);
  return {
    audit: written((line) => output.write(`${line}\n`), clock),
    get linesLost() {
      return output.lost;
    },
    async [Symbol.asyncDispose]() {
      output.flush();
    },
  };
}

function auditToFolder({ path, keepMs }: AuditConfig, logger: Logger, clock: Clock): OpenAudit {
  const observer = observerOf(path, logger);
  const files = new DailyFiles({
    folder: path,
    keepMs,
    clock,
    clockDistrusted: (aheadMs) =>
      logger.warn({ aheadMs }, clockDistrusted(aheadMs, 'file of the audit')),
  });
  const queue = new AuditQueue(files, observer, clock);
  const stop = new AbortController();
  const cleaning = cleanNowAndThen(files, clock, stop.signal, (error) =>
    logger.error(
      { path, code: explainDiskFailure(error)[0] },
      `old files of the audit in ${path} can’t be deleted; the gateway tries again in an hour`,
    ),
  );
  return {
    audit: written((line, at) => queue.write(line, at), clock),
    get linesLost() {
      return queue.lost;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await queue[Symbol.asyncDispose]();
      // A disk that hangs must not hold up the end of the gateway: no file on it could be closed.
      if (queue.isWriting) return;
      await cleaning;
      await files[Symbol.asyncDispose]();
    },
  };
}

async function cleanNowAndThen(
  files: DailyFiles,
  clock: Clock,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await files.clean().catch(failed);
    await clock.sleep(CLEAN_INTERVAL_MS, signal).catch(() => {});
  }
}

function observerOf(path: string, logger: Logger): AuditQueueObserver {
  const losses = new Throttle<'lost'>(LOG_INTERVAL_MS);
  let told: string | undefined;
  return {
    unavailable(error) {
      const [code, why] = explainDiskFailure(error);
      // One line for each reason, not for each attempt.
      if (why === told) return;
      told = why;
      logger.error({ path, code }, `the audit in ${path} ${why}; lines wait, events go on`);
    },
    available() {
      told = undefined;
      logger.info({ path }, 'the audit is written again');
    },
    lost() {
      const unlogged = losses.pass('lost');
      if (unlogged === undefined) return;
      logger.error({ path, unlogged }, 'a line of the audit is lost: too many wait for the disk');
    },
  };
}
