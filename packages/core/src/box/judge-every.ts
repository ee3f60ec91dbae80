/**
 * An interval at whose end something is judged by what has been read. What waits in the kernel
 * is read first: after a stall of this process, the box must not be taken for the silent one.
 */
export const judgeEvery = (ms: number, judge: () => void): NodeJS.Timeout =>
  setInterval(() => setImmediate(judge), ms);
