import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWorkspace } from '../imports/workspace.ts';
import { findClockUses } from './find-uses.ts';

export interface ClockReport {
  /** How many modules of tests were read. */
  readonly modules: number;
  /** One line each: where, and what is wrong. */
  readonly problems: readonly string[];
}

/** Reads every module of tests in the workspace at `root`, and the configurations of the tests. */
export function checkClock(root: string): ClockReport {
  const modules = readWorkspace(root).flatMap((owner) => owner.modules.filter(isOfTests));
  const problems = modules.flatMap((path) => {
    const uses = findClockUses(path, readFileSync(join(root, path), 'utf8'));
    return uses.map(({ line, rule }) => `${path}:${line}: ${rule}`);
  });
  return { modules: modules.length, problems };
}

const isOfTests = (path: string): boolean =>
  /(^|\/)test\//.test(path) ||
  path.startsWith('scripts/vitest/') ||
  path.endsWith('vitest.config.ts');
