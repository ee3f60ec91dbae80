import { type Methods, type Reply, requestSchema } from './methods.ts';

/**
 * Makes this process answer its parent, for as long as there is one: it exits when the parent
 * lets go of the channel, or dies, or either of them is told to end.
 */
export function answerParent(methods: Methods): void {
  process.on('message', (message) => void answer(methods, message));
  process.on('disconnect', () => process.exit());
  // By default nobody would clean up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit());
}

async function answer(methods: Methods, message: unknown): Promise<void> {
  const { id, method: name, input } = requestSchema.parse(message);
  const reply = await callMethod(methods, name, input).then(
    (output): Reply => ({ id, output }),
    (error: unknown): Reply => ({
      id,
      failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  );
  // A parent that has gone away meanwhile ends this process; it misses no reply.
  if (process.connected) process.send?.(reply);
}

async function callMethod(methods: Methods, name: string, input: unknown): Promise<unknown> {
  const method = methods[name];
  if (!method) throw new RangeError(`this process has no method ${name}`);
  // Both ends are of one commit, and `Child` checks the input's type where it is given.
  return method(input as never);
}
