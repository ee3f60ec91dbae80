import { readFileSync } from 'node:fs';

/** What is known of a process. */
export interface ProcessFacts {
  readonly parent: number;
  readonly session: number;
  readonly args: readonly string[];
}

/** Undefined when there is no such process, or no way to know. */
export type ReadProcess = (pid: number) => ProcessFacts | undefined;

/**
 * Pids of the package managers that a process was started through, and of the shells between
 * them, innermost first. Empty when none was: under systemd, Docker, nohup or a plain shell. A
 * process in a session of its own (`setsid`) has none either.
 *
 * They change when one of them ends. Linux only: elsewhere there are none.
 */
export function wrappersOf(pid: number, read: ReadProcess = readProcess): readonly number[] {
  const pids: number[] = [];
  /** Shells above the last package manager may be the user's own. */
  let count = 0;
  const session = read(pid)?.session;
  let next = read(pid)?.parent ?? 0;
  for (;;) {
    const facts = read(next);
    if (facts === undefined || facts.session !== session) break;
    const isManager = isPackageManager(facts);
    if (!(isManager || isShellWithCommand(facts))) break;
    pids.push(next);
    if (isManager) count = pids.length;
    next = facts.parent;
  }
  return pids.slice(0, count);
}

/** npm calls itself `npm exec …`, others are scripts that Node runs. */
const isPackageManager = ({ args: [program = '', script = ''] }: ProcessFacts): boolean =>
  /^(npm|npx|pnpm|yarn)\b/.test(program) || /(^|\/)(npm|npx|pnpm|yarn)[^/]*$/.test(script);

const isShellWithCommand = ({ args: [program = '', option] }: ProcessFacts): boolean =>
  /(^|\/)\w*sh$/.test(program) && option === '-c';

/** proc_pid_stat(5): `pid (name) state parent group session …`; the name may hold anything. */
const STAT = /^.*\) \S+ (?<parent>\d+) \d+ (?<session>\d+) /s;

const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ESRCH']);

function readProcess(pid: number): ProcessFacts | undefined {
  try {
    const { groups } = STAT.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? {};
    if (groups === undefined) return undefined;
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { parent: Number(groups['parent']), session: Number(groups['session']), args };
  } catch (error) {
    // It has ended, or this system has no such files. Anything else says nothing of the process.
    if (GONE.has(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}
