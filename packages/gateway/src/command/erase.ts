import { loadPlaces } from '../config/load.ts';
import { askGateway, connectTo } from '../privacy/erasure/ask.ts';
import { eraseFiles } from '../privacy/erasure/erase-files.ts';
import { ErasureFailed } from '../privacy/erasure/erasure-failed.ts';
import { socketPathOf } from '../privacy/erasure/socket-path.ts';
import { verify } from '../erasure/verify.ts';
import { ImageStoreError } from '../images/image-store-error.ts';
import type { ErasureProgress, ErasureTarget } from '../journal/erasure.ts';
import { JournalError } from '../journal/journal-error.ts';
import { guardedObserver } from '../telemetry/guard.ts';
import { caveatsOf } from './caveats.ts';
import { counted, verdictOn } from './verdict.ts';

/** Between two lines about how far it is, in ms. */
const PROGRESS_MS = 1_000;

/** Where it is said what became of an erasure, and how far it is. */
type Output = Pick<Console, 'log' | 'error'>;

/**
 * Erases, verifies, and says what became of it; the identity itself is not said. Progress that
 * can't be printed stops nothing.
 *
 * @param progressMs Between two lines of progress.
 * @throws {ErasureFailed} when something is left.
 * @throws {NobodyFound} when there was nothing to erase of a person.
 */
export async function eraseFrom(
  file: string,
  target: ErasureTarget,
  output: Output = console,
  progressMs = PROGRESS_MS,
): Promise<void> {
  const config = await loadPlaces(file);
  const path = socketPathOf(config);
  if (path === undefined) {
    throw new ErasureFailed(
      'journal and pictures are in memory only: restart the gateway to erase all of it',
    );
  }
  const socket = await connectTo(path);
  const lines = { progress: progressLines(output, progressMs) };
  const { progress } = guardedObserver(lines, () => {});
  const began = Date.now();
  const report = socket
    ? await askGateway(socket, target, progress)
    : await eraseFiles(config, target, progress).catch((error: unknown) => {
        throw explained(error, path);
      });
  output.log(
    `Erased ${counted(report.events, 'event')} and ${counted(report.pictures, 'picture')}` +
      `${socket ? ' while the gateway runs' : ''}.`,
  );
  const found = await verify(config, target, report, began);
  for (const caveat of caveatsOf(config, target)) output.log(caveat);
  output.log(verdictOn(target, report, found));
}

function explained(error: unknown, path: string): unknown {
  const isInUse =
    (error instanceof JournalError || error instanceof ImageStoreError) && error.code === 'IN_USE';
  if (!isInUse) return error;
  const what = error instanceof JournalError ? 'the journal' : 'the pictures’ folder';
  return new ErasureFailed(
    `a gateway uses ${what}, but nothing answers at ${path}; stop the gateway and run this again`,
    { cause: error },
  );
}

function progressLines(output: Output, progressMs: number): (progress: ErasureProgress) => void {
  let last = performance.now();
  return (progress) => {
    if (performance.now() - last < progressMs) return;
    last = performance.now();
    output.error(
      progress.phase === 'events'
        ? `${counted(progress.events, 'event')} so far`
        : `overwriting: ${progress.done} of ${progress.of} pages`,
    );
  };
}
