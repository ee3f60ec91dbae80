import { type Level, levels, pino } from 'pino';
import pretty from 'pino-pretty';

/** What the gateway needs of a logger; pino's is one. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export type LogLevel = Level | 'silent';

export const LOG_LEVELS: readonly string[] = [...Object.values(levels.labels), 'silent'];

export const isLogLevel = (text: string): text is LogLevel => LOG_LEVELS.includes(text);

/** A logger for one who has none. */
export const silentLogger: Logger = pino({ level: 'silent' });

/** JSON lines on stdout; for people's eyes when stdout is a terminal. */
export function createLogger(level: LogLevel): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (!process.stdout.isTTY) return pino(options, pino.destination({ sync: true }));
  return pino(options, pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', singleLine: true }));
}
