import type { UpgradeListener } from './upgrade.ts';

/** How long newcomers are let in during one turn of the event loop, in ms. */
const SLICE_MS = 2;

/**
 * Lets newcomers in one after the other, a few in each turn of the event loop: when all clients
 * come back at once, what is live goes on between them. Each of them brings more work once it is
 * in, so they are held here, where they cost nothing.
 */
export function inTurns(accept: UpgradeListener): UpgradeListener {
  const waiting: Parameters<UpgradeListener>[] = [];
  let spentMs = 0;
  let isNextTurnAsked = false;

  const letIn = (...newcomer: Parameters<UpgradeListener>): void => {
    const start = performance.now();
    accept(...newcomer);
    spentMs += performance.now() - start;
    if (!isNextTurnAsked) setImmediate(goOn);
    isNextTurnAsked = true;
  };
  const goOn = (): void => {
    spentMs = 0;
    isNextTurnAsked = false;
    for (;;) {
      const newcomer = spentMs < SLICE_MS ? waiting.shift() : undefined;
      if (!newcomer) return;
      const [, socket] = newcomer;
      // Who has gone meanwhile is told so by nothing any more.
      if (!socket.destroyed) letIn(...newcomer);
    }
  };

  return (request, socket, head) => {
    if (waiting.length === 0 && spentMs < SLICE_MS) {
      letIn(request, socket, head);
      return;
    }
    // Nobody else listens to it yet.
    socket.on('error', () => socket.destroy());
    waiting.push([request, socket, head]);
  };
}
