import type { EventEmitter } from 'node:events';
import { isatty } from 'node:tty';
import { wrappersOf } from './wrappers.ts';

/**
 * Further signals within so many ms are the same request. One Ctrl-C comes several times: from
 * the terminal, and passed on by each package manager in between.
 */
const SAME_REQUEST_MS = 2_000;

/** How often the processes between a package manager and this one are looked at, in ms. */
const WRAPPERS_MS = 1_000;

/** What ends the process in order. `PARENT_GONE`: the package manager that started it has ended. */
export type StopCause = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'PARENT_GONE';

/** A signal that does not stop the process: SIGHUP is for reloading, the others have no meaning. */
export type OtherSignal = 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2';

export interface StopOptions {
  /** Told of each SIGINT or SIGTERM that comes more than 2 s after the first. */
  readonly impatient: () => void;
  /** Told of each signal that does not stop the process. */
  readonly other: (signal: OtherSignal) => void;
}

/** What the process stands in. Tests give their own. */
export interface Surroundings {
  readonly signals: EventEmitter;
  /** Whether stdin is a terminal. */
  readonly isInteractive: boolean;
  /** Pids of the package managers that this was started through, and of shells between them. */
  readonly wrappers: () => readonly number[];
}

/**
 * Resolves at the first reason to stop: SIGINT, SIGTERM, the end of the terminal on stdin
 * (SIGHUP), or the end of a package manager that died without passing its signal on.
 *
 * From the call on, none of these signals ends the process by itself, nor do SIGUSR1 and SIGUSR2,
 * and SIGUSR1 opens no inspector.
 */
export function stopCause(
  { impatient, other }: StopOptions,
  surroundings: Surroundings = ownSurroundings(),
): Promise<StopCause> {
  const { signals, isInteractive, wrappers } = surroundings;
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      signals.on(signal, () => {
        first ??= performance.now();
        resolve(signal);
        if (performance.now() - first > SAME_REQUEST_MS) impatient();
      });
    }
    signals.on('SIGHUP', () => {
      if (isInteractive) resolve('SIGHUP');
      else other('SIGHUP');
    });
    // A listener of its own is what keeps Node from opening the inspector.
    for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) {
      signals.on(signal, () => other(signal));
    }
    whenChanged(wrappers, () => resolve('PARENT_GONE'));
  });
}

function whenChanged(wrappers: Surroundings['wrappers'], changed: () => void): void {
  const look = (): string | undefined => {
    try {
      return wrappers().join();
    } catch {
      // No file can be opened now: looked at again next time.
      return undefined;
    }
  };
  const atStart = look();
  if (!atStart) return;
  const timer = setInterval(() => {
    const now = look();
    if (now === undefined || now === atStart) return;
    clearInterval(timer);
    changed();
  }, WRAPPERS_MS).unref();
}

const ownSurroundings = (): Surroundings => ({
  signals: process,
  // Looked at now: a terminal that has been closed is none any more.
  isInteractive: isatty(0),
  wrappers: () => wrappersOf(process.pid),
});
