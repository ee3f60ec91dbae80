import { isatty } from 'node:tty';
import { type Level, type LoggerOptions, levels, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { LogOutput } from './log-output.ts';

/** What the gateway needs of a logger; pino's is one. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A logger that counts the lines that it could not write. */
export interface CountingLogger extends Logger {
  readonly linesLost: number;
}

export type LogLevel = Level | 'silent';

export const LOG_LEVELS: readonly string[] = [...Object.values(levels.labels), 'silent'];

export const isLogLevel = (text: string): text is LogLevel => LOG_LEVELS.includes(text);

/** A logger for one who has none. */
export const silentLogger: Logger = pino({ level: 'silent' });

/**
 * JSON lines on stdout; for people's eyes when stdout is a terminal. It neither throws nor waits:
 * lines that stdout does not take are lost.
 *
 * @param fd Default: stdout.
 */
export function createLogger(level: LogLevel, fd = 1): CountingLogger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const render = isatty(fd)
    ? prettyFactory({ translateTime: 'SYS:HH:MM:ss', singleLine: true })
    : (line: string) => line;
  const output = new LogOutput(fd, (lost) => {
    let notice = '';
    const stream = { write: (line: string) => (notice = render(line)) };
    pino(options, stream).warn({ lost }, `${lost} lines of the log could not be written`);
    return notice;
  });
  process.once('exit', () => output.flush());
  const log = pino(options, { write: (line) => output.write(render(line)) });
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    get linesLost() {
      return output.lost;
    },
  };
}
