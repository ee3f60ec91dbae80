import { setTimeout as pause } from 'node:timers/promises';
import type { Thread } from '../../thread/thread.ts';
import type { ErasureObserver, ErasureTarget } from '../erasure.ts';
import { JournalError } from '../journal-error.ts';
import type { ErasureStep } from './erasable.ts';
import type { ReaderMethods } from './reader-thread.ts';
import type { JournalState } from './state.ts';
import type { ScrubStep, WriterMethods } from './writer-thread.ts';

const RETRY_MS = 20;

/**
 * Deletes events from the file, and every byte that they were from the file and its log: in
 * steps of a few milliseconds, between which events are appended as ever.
 *
 * @param options.settled Told how the file stands once the events are gone.
 * @param options.readersMs How long somebody who reads the file may hold up its end, each time.
 * @returns how many events went.
 * @throws {JournalError} with what is left.
 */
export async function eraseFromFile(
  writer: Thread<WriterMethods>,
  reader: Thread<ReaderMethods>,
  target: ErasureTarget,
  newest: number,
  observer: ErasureObserver,
  options: { readonly settled: (state: JournalState) => void; readonly readersMs: number },
): Promise<number> {
  let events = 0;
  for (let block: number | undefined = 0; block !== undefined; ) {
    const step: ErasureStep = await reader.call('erasable', target, block, newest);
    if (step.positions.length > 0) {
      await observer.going(step);
      await writer.call('eraseEvents', step.positions);
      events += step.positions.length;
      observer.progress({ phase: 'events', events });
    }
    block = step.next;
  }
  options.settled(await writer.call('settleErasure', target));
  while (await writer.call('vacuum'));
  await scrub(writer, observer, options.readersMs);
  return events;
}

async function scrub(
  writer: Thread<WriterMethods>,
  observer: ErasureObserver,
  readersMs: number,
): Promise<void> {
  let deadline = performance.now() + readersMs;
  // What the file grows by meanwhile holds nothing that was there before; events may come faster
  // than their pages are looked at.
  let last: number | undefined;
  for (let page: number | undefined = 1; page !== undefined; ) {
    const step: ScrubStep = await writer.call('scrub', page);
    if (step === 'BUSY') {
      if (performance.now() > deadline) {
        throw new JournalError(
          'UNAVAILABLE',
          'the events are erased, but another program reads the journal, so traces of them stay in its log; end that program, and erase again',
        );
      }
      await pause(RETRY_MS);
      continue;
    }
    deadline = performance.now() + readersMs;
    last ??= step.of;
    page = step.next !== undefined && step.next <= last ? step.next : undefined;
    observer.progress({ phase: 'pages', done: page === undefined ? last : page - 1, of: last });
  }
}
