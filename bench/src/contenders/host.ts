import { setTimeout as delay } from 'node:timers/promises';
import { answerParent } from '../process/answer.ts';
import type { RunningContender, StartContender, StartOptions } from './contender.ts';
import { CpuProfile, type CpuShares } from './cpu-profile.ts';

/** What a server process says of itself. */
export interface Usage {
  /** User and system time since the process began, in µs. */
  readonly cpuMicros: number;
  /** By a clock that only goes forward, in ms. */
  readonly at: number;
  /** Messages read from the boxes; undefined where the contender does not count them. */
  readonly messages: number | undefined;
}

/** In bytes, after collections that were asked for. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

/**
 * V8 reduces its memory like this by itself once a process has been idle for a while: pages that
 * what is gone has left half empty are closed up, and given back.
 */
const REDUCING = { type: 'major', execution: 'sync', flavor: 'last-resort' } as const;

/** Collections, and the time between them for V8 to give pages back, in ms. */
const COLLECTIONS = 6;
const BETWEEN_COLLECTIONS_MS = 150;

const methodsOf = (start: StartContender) => {
  let running: RunningContender | undefined;
  let profile: CpuProfile | undefined;

  return {
    async start(options: StartOptions): Promise<{ readonly port: number }> {
      running = await start(options);
      return { port: running.port };
    },

    usage(): Usage {
      const { user, system } = process.cpuUsage();
      return { cpuMicros: user + system, at: performance.now(), messages: running?.messages?.() };
    },

    /** The largest that the process has been, in bytes. */
    peakRss: (): number => process.resourceUsage().maxRSS * 1_024,

    async settledMemory(): Promise<Memory> {
      if (!globalThis.gc) throw new Error('node was started without --expose-gc');
      for (let count = 0; count < COLLECTIONS; count += 1) {
        globalThis.gc(REDUCING);
        await delay(BETWEEN_COLLECTIONS_MS);
      }
      const { rss, heapUsed } = process.memoryUsage();
      return { rss, heapUsed };
    },

    async startProfile(): Promise<void> {
      profile = await CpuProfile.start();
    },

    async stopProfile(): Promise<CpuShares> {
      if (!profile) throw new Error('no profile was started');
      return profile.stop();
    },
  };
};

export type ContenderMethods = ReturnType<typeof methodsOf>;

/** Makes this process one contender's server. */
export const hostContender = (start: StartContender): void => answerParent(methodsOf(start));
