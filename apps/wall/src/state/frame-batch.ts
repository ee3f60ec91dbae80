/** What a hidden tab, which gets no frames, may let pile up before it is handed on all the same. */
const maxPending = 500;

export interface FrameBatch<T> {
  push(item: T): void;
  cancel(): void;
}

/** Collects what arrives and hands it on once a frame, oldest first, so that a burst paints once. */
export function createFrameBatch<T>(deliver: (items: readonly T[]) => void): FrameBatch<T> {
  let pending: T[] = [];
  let frame: number | undefined;

  const cancelFrame = () => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    frame = undefined;
  };
  const flush = () => {
    cancelFrame();
    const items = pending;
    pending = [];
    deliver(items);
  };
  return {
    push(item) {
      pending.push(item);
      if (pending.length >= maxPending) flush();
      else frame ??= requestAnimationFrame(flush);
    },
    cancel() {
      cancelFrame();
      pending = [];
    },
  };
}
