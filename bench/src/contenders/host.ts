import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type ContenderOptions, optionsSchema, type Question, type Usage } from './contender.ts';

/**
 * V8 reduces its memory like this by itself once a process has been idle for a while: it closes up
 * half-empty pages, and gives them back.
 */
const REDUCING = { type: 'major', execution: 'sync', flavor: 'last-resort' } as const;

/** Collections, and the time between them for V8 to give pages back, in ms. */
const COLLECTIONS = 6;
const BETWEEN_COLLECTIONS_MS = 150;

async function collect(): Promise<void> {
  if (!globalThis.gc) throw new Error('node was started without --expose-gc');
  for (let count = 0; count < COLLECTIONS; count += 1) {
    globalThis.gc(REDUCING);
    await delay(BETWEEN_COLLECTIONS_MS);
  }
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const peakRss = process.resourceUsage().maxRSS * 1_024;
  const rss = process.memoryUsage.rss();
  return { cpuMicros: user + system, at: performance.now(), rss, peakRss };
}

async function answer(question: Question): Promise<void> {
  if (question === 'collect') await collect();
  if (process.connected) process.send?.(usage());
}

/**
 * Makes this process one contender's server, which answers its parent's questions. It exits when
 * its parent lets go of the channel, or dies, or either of them is told to end.
 */
export async function hostContender(
  start: (options: ContenderOptions) => Promise<{ readonly port: number }>,
): Promise<void> {
  process.on('disconnect', () => process.exit());
  // By default no exit handler runs, and the gateway's files stay.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit());
  const [options] = (await once(process, 'message')) as unknown[];
  const { port } = await start(optionsSchema.parse(options));
  process.on('message', (question: Question) => void answer(question));
  process.send?.({ port });
}
