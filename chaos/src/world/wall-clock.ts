// Loaded before the gateway's own command: moves the wall clock of the process, in all its threads,
// and nothing else. Timers and `performance` go on, as they do when the clock of a machine is set.
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import { z } from 'zod';
import { AHEAD_MS, clockMessageSchema } from './clock-message.ts';

/** The threads share it. */
const buffer = isMainThread
  ? new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)
  : z.instanceof(SharedArrayBuffer).parse(getEnvironmentData(AHEAD_MS));
const aheadMs = new Float64Array(buffer);

const trueNow = Date.now;
const now = (): number => trueNow() + (aheadMs[0] ?? 0);

Date.now = now;
globalThis.Date = new Proxy(Date, {
  construct: (target, args) =>
    Reflect.construct<unknown[], Date>(target, args.length === 0 ? [now()] : args),
});

if (isMainThread) {
  setEnvironmentData(AHEAD_MS, buffer);
  aheadMs[0] = z.coerce.number().parse(process.env[AHEAD_MS]);
  process.on('message', (message) => {
    aheadMs[0] = clockMessageSchema.parse(message).aheadMs;
    process.send?.(message);
  });
  // A listener keeps the channel, and so the process; it shall end by itself when it is stopped.
  process.channel?.unref();
}
