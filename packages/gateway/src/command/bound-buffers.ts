import { setFlagsFromString } from 'node:v8';

/** In bytes of buffers, of pictures that are still needed and of those that are not. */
const AMPLE = 256 * 1024 * 1024;

const EVERY_MS = 1_000;

/**
 * Has V8 collect buffers that nobody needs any more at the right times, until the process ends.
 *
 * By itself V8 looks through all objects after each 64 MiB of buffers that came, and with
 * pictures those are there in a second, most of them gone again: half of all CPU time. With
 * `--external-memory-accounted-in-global-limit` it looks only when memory as a whole has grown,
 * but it may grow to gigabytes, and new memory costs more than collecting does. So the flag
 * holds while there are fewer than 256 MiB of buffers. A V8 that does not know it says so and
 * goes on.
 */
export function boundBuffers(): void {
  let bySize = false;
  const choose = () => {
    const few = process.memoryUsage().external < AMPLE;
    if (few === bySize) return;
    bySize = few;
    setFlagsFromString(`--${few ? '' : 'no-'}external-memory-accounted-in-global-limit`);
  };
  choose();
  setInterval(choose, EVERY_MS).unref();
}
