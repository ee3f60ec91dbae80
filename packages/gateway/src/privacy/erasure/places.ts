import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { MEMORY_ONLY } from '../../config/config.ts';

/** Whether something is on disk there. */
export const isThere = (path: string): boolean => path !== MEMORY_ONLY && existsSync(path);

/** Where a path leads, for a message that says that nothing is there. */
export const lookedFor = (path: string): string =>
  isAbsolute(path) ? path : `${resolve(path)} (${path}, seen from ${process.cwd()})`;
