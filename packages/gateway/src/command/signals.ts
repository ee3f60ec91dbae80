import type { EventEmitter } from 'node:events';

/** Under pnpm one Ctrl-C comes twice: from the terminal, and passed on by pnpm. In ms. */
const SAME_SIGNAL_MS = 500;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Resolves at the first signal to stop. Each that comes later calls `impatient`. */
export function stopSignal(
  impatient: () => void,
  process: EventEmitter = globalThis.process,
): Promise<(typeof SIGNALS)[number]> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        first ??= Date.now();
        resolve(signal);
        if (Date.now() - first > SAME_SIGNAL_MS) impatient();
      });
    }
  });
}
