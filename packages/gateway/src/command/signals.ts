/** Under pnpm one Ctrl-C comes twice: from the terminal, and passed on by pnpm. In ms. */
const SAME_SIGNAL_MS = 500;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Resolves at the first signal to stop. One that comes later calls `impatient`. */
export function stopSignal(impatient: () => void): Promise<NodeJS.Signals> {
  let first: number | undefined;
  return new Promise((resolve) => {
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (first === undefined) {
          first = Date.now();
          resolve(signal);
        } else if (Date.now() - first > SAME_SIGNAL_MS) {
          impatient();
        }
      });
    }
  });
}
