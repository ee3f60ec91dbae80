import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TracesAnswer, TracesRequest } from './find-traces.ts';

const FINDER = fileURLToPath(new URL('./find-traces.ts', import.meta.url));

let finder: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * The files below the folder that hold any of these bytes. A file that goes meanwhile holds nothing.
 *
 * Another process reads them: to close a file of a journal that a gateway in this process has open
 * would give up the gateway's locks on it. That process serves all tests of this one, one request
 * after the other, and ends with it.
 */
export function filesWith(
  folder: string,
  ...traces: readonly (string | Buffer)[]
): Promise<readonly string[]> {
  const found = last.then(() => find({ folder, traces }));
  last = found.catch(() => {});
  return found;
}

async function find(request: TracesRequest): Promise<readonly string[]> {
  finder ??= startFinder();
  const child = finder;
  const ended = new AbortController();
  const end = () => ended.abort(new Error('the process that looks for traces has ended'));
  child.once('exit', end);
  try {
    const message = once(child, 'message', { signal: ended.signal });
    child.send(request);
    const [answer] = (await message) as [TracesAnswer];
    if ('error' in answer) throw answer.error;
    return answer.found;
  } finally {
    child.off('exit', end);
  }
}

function startFinder(): ChildProcess {
  const child = fork(FINDER, { execArgv: [], serialization: 'advanced' });
  child.unref();
  child.channel?.unref();
  return child;
}
