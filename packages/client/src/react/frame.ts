import { platform } from '../platform.ts';

/** How long what has come waits in a page that gets no frames because it is hidden, in ms. */
const HIDDEN_MS = 200;

export interface Frame {
  /** Calls back once in the next frame, however often it is requested until then. */
  request(): void;
  cancel(): void;
}

/** Collects many changes into one rendering. */
export function createFrame(callback: () => void): Frame {
  let isRequested = false;
  let frame: unknown;
  let timer: unknown;
  const cancel = (): void => {
    isRequested = false;
    platform.cancelAnimationFrame?.(frame);
    platform.clearTimeout(timer);
  };
  const run = (): void => {
    cancel();
    callback();
  };
  return {
    request() {
      if (isRequested) return;
      isRequested = true;
      frame = platform.requestAnimationFrame?.(run);
      timer = platform.setTimeout(run, HIDDEN_MS);
    },
    cancel,
  };
}
