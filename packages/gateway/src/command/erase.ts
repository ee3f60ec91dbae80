import { loadPlaces } from '../config/load.ts';
import { ImageStoreError } from '../images/image-store-error.ts';
import { JournalError } from '../journal/journal-error.ts';
import { askGateway, connectTo } from '../privacy/erasure/ask.ts';
import { eraseFiles } from '../privacy/erasure/erase-files.ts';
import { ErasureFailed } from '../privacy/erasure/erasure-failed.ts';
import { NobodyFound } from '../privacy/erasure/nobody-found.ts';
import { socketPathOf } from '../privacy/erasure/socket-path.ts';
import type { ErasureTarget } from '../privacy/erasure-target.ts';
import { KeyFileError } from '../privacy/key-file-error.ts';
import { caveatsOf } from './caveats.ts';

/** Receives the lines that report an erasure. */
type Output = Pick<Console, 'log'>;

/**
 * Erases, and prints the result, without the identity.
 *
 * @throws {ErasureFailed} when some data is left.
 * @throws {NobodyFound} when no event and no picture of the person was found.
 */
export async function eraseFrom(
  file: string,
  target: ErasureTarget,
  output: Output = console,
): Promise<void> {
  const config = await loadPlaces(file);
  const path = socketPathOf(config);
  if (path === undefined) {
    throw new ErasureFailed(
      'journal and pictures are in memory only: restart the gateway to erase all of them',
    );
  }
  const socket = await connectTo(path);
  const report = socket
    ? await askGateway(socket, target)
    : await eraseFiles(config, target).catch((error: unknown) => {
        throw explained(error, path);
      });
  const { events, pictures } = report;
  output.log(
    `Erased ${counted(events, 'event')} and ${counted(pictures, 'picture')}` +
      `${socket ? ' while the gateway runs' : ''}.`,
  );
  for (const caveat of await caveatsOf(config, target, report)) output.log(caveat);
  if (target.kind === 'identity' && events + pictures === 0) {
    throw new NobodyFound(
      'Nobody with this id was found, so nothing was erased. Check the id, unless the person was erased before.',
    );
  }
  output.log(WHAT_IT_MEANS[target.kind]);
}

const WHAT_IT_MEANS = {
  identity:
    'The data that this person’s key sealed can’t be read any more, in any copy, unless an old copy of the key file exists. Events and pictures of a stranger with this id have no key of their own: they are only deleted.',
  before:
    'The data that the keys of the earlier days sealed can’t be read any more, in any copy, unless an old copy of the key file exists. Events and pictures of the day of the given time, from before the time, have no key of their own: they are only deleted.',
} as const satisfies Record<ErasureTarget['kind'], string>;

function explained(error: unknown, path: string): unknown {
  const what = usedPart(error);
  if (what === undefined) return error;
  return new ErasureFailed(
    `a gateway uses ${what}, but nothing answers at ${path}; stop the gateway and run this again`,
    { cause: error },
  );
}

function usedPart(error: unknown): string | undefined {
  const isOurs =
    error instanceof JournalError ||
    error instanceof ImageStoreError ||
    error instanceof KeyFileError;
  if (!isOurs || error.code !== 'IN_USE') return undefined;
  if (error instanceof KeyFileError) return 'the key file';
  return error instanceof JournalError ? 'the journal' : 'the pictures’ folder';
}

/** `1 event`, `2 events` */
const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;
