import type { CountingLogger, Logger } from './logger.ts';

/**
 * The same observer, whose failures stay its own: what it throws goes to `failed` and never into
 * the work that it watches.
 */
export function guardedObserver<
  Observer extends Record<keyof Observer, (...args: never[]) => void>,
>(observer: Observer, failed: (error: unknown) => void): Observer {
  const guarded = { ...observer };
  for (const name in guarded) {
    guarded[name] = new Proxy(guarded[name], {
      apply(method, self, args) {
        try {
          Reflect.apply(method, self, args);
        } catch (error) {
          failed(error);
        }
      },
    });
  }
  return guarded;
}

/** The same logger; a line with which it throws is lost and counted. */
export function guardedLogger(logger: Logger): CountingLogger {
  let thrown = 0;
  const guarded =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      try {
        logger[level](fields, message);
      } catch {
        thrown += 1;
      }
    };
  return {
    debug: guarded('debug'),
    info: guarded('info'),
    warn: guarded('warn'),
    error: guarded('error'),
    get linesLost() {
      return thrown + (isCounting(logger) ? logger.linesLost : 0);
    },
  };
}

const isCounting = (logger: Logger): logger is CountingLogger =>
  'linesLost' in logger && typeof logger.linesLost === 'number';
