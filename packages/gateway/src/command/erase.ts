import { loadConfig } from '../config/load.ts';
import { askGateway, connectTo, ErasureFailed } from '../erasure/ask.ts';
import type { ErasureReport } from '../erasure/erase.ts';
import { eraseFiles } from '../erasure/erase-files.ts';
import { socketPathOf } from '../erasure/socket-path.ts';
import { lookForTraces, type Traces } from '../erasure/traces.ts';
import type { ErasureProgress, ErasureTarget } from '../journal/erasure.ts';
import { JournalError } from '../journal/journal-error.ts';

/** Between two lines about how far it is, in ms. */
const PROGRESS_MS = 1_000;

/**
 * Erases, looks for traces, and says what became of it; the identity itself is not said.
 *
 * @throws {ErasureFailed} when something is left.
 */
export async function eraseFrom(file: string, target: ErasureTarget): Promise<void> {
  const config = await loadConfig(file);
  const path = socketPathOf(config);
  if (path === undefined) {
    throw new ErasureFailed(
      'journal and pictures are in memory only: restart the gateway, and all of it is gone',
    );
  }
  const socket = await connectTo(path);
  const progress = progressLines();
  const report = socket
    ? await askGateway(socket, target, progress)
    : await eraseFiles(config, target, progress).catch((error: unknown) => {
        throw explained(error, path);
      });
  console.log(
    `Erased ${counted(report.events, 'event')} and ${counted(report.pictures, 'picture')}` +
      `${socket ? ' while the gateway runs' : ''}.`,
  );
  if (target.kind === 'before') return;
  const { identityId } = target;
  const traces = await lookForTraces(config, [identityId, ...namesOf(report)]);
  console.log(verdictOf(traces, identityId, namesOf(report)));
}

/** Without what boxes call those whom they don't know. */
const namesOf = ({ names }: ErasureReport): string[] =>
  names.filter((name) => !/^(stranger)?$/i.test(name));

/** @throws {ErasureFailed} */
function verdictOf(
  { files, bytes, tooShort, left, others }: Traces,
  identityId: string,
  names: readonly string[],
): string {
  if (left.length > 0) {
    throw new ErasureFailed(
      `these files still hold the id or the name: ${left.join(', ')}. A file that was set aside as damaged is yours to delete; for any other, erase again`,
    );
  }
  const isShort = (text: string) => tooShort.includes(text);
  const unsought = [
    ...(isShort(identityId) ? ['The id'] : []),
    ...(names.some(isShort) ? ['A name'] : []),
  ].map((what) => `${what} is too short to be looked for in the bytes of the files.`);
  const sought = [
    ...(isShort(identityId) ? [] : ['the id']),
    ...(names.every(isShort) ? [] : ['the name']),
  ].join(' or ');
  if (sought === '') return unsought.join(' ');
  const looked = `Looked into ${counted(files, 'file')} (${Math.ceil(bytes / 1e6)} MB)`;
  const found =
    others === 0
      ? `no trace of ${sought} is left.`
      : `${counted(others, 'event')} of others hold ${sought} as part of a text, or came since; nothing else does.`;
  return [`${looked}: ${found}`, ...unsought].join(' ');
}

function explained(error: unknown, path: string): unknown {
  if (!(error instanceof JournalError && error.code === 'IN_USE')) return error;
  return new ErasureFailed(
    `a gateway has the journal, and nobody answers at ${path}; stop it and run this again`,
    { cause: error },
  );
}

function progressLines(): (progress: ErasureProgress) => void {
  let last = Date.now();
  return (progress) => {
    if (Date.now() - last < PROGRESS_MS) return;
    last = Date.now();
    console.error(
      progress.phase === 'events'
        ? `${counted(progress.events, 'event')} so far`
        : `overwriting: ${progress.done} of ${progress.of} pages`,
    );
  };
}

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;
