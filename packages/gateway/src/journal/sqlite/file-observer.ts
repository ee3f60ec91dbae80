import type { SealingProgress } from './clear-rows.ts';

/** Who is told of the file; synchronous, must not throw. */
export interface FileObserver {
  /** Other users could read these files until now. */
  exposed(paths: readonly string[]): void;
  /** The wall clock is ahead by so many ms: nothing is deleted by age until that has lasted. */
  clockDistrusted(aheadMs: number): void;
  /** What an older gateway wrote in clear is being sealed: told after each step. */
  sealing(progress: SealingProgress): void;
  /** A step of it failed; it is tried again. */
  sealingFailed(error: unknown): void;
}

/** Default: nobody is told. */
export const UNOBSERVED: FileObserver = {
  exposed() {},
  clockDistrusted() {},
  sealing() {},
  sealingFailed() {},
};
