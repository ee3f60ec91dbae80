/**
 * Lets this process go on when stdout or stderr can't be written: a full disk, a reader that has
 * gone away. What was to be printed is lost.
 */
export function surviveOutputErrors(): void {
  // Without a listener, Node throws what a stream fails with.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
