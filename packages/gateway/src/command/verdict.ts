import type { ErasureReport } from '../privacy/erasure/erase.ts';
import { ErasureFailed } from '../privacy/erasure/erasure-failed.ts';
import { NobodyFound } from '../privacy/erasure/nobody-found.ts';
import type { Traces } from '../erasure/traces.ts';
import type { Verification } from '../erasure/verify.ts';
import type { ErasureTarget } from '../journal/erasure.ts';

/**
 * What became of an erasure, in a line that does not say who it was.
 *
 * @throws {ErasureFailed} when something is left.
 * @throws {NobodyFound} when a person had no event, and so no picture, that could be erased.
 */
export function verdictOn(
  target: ErasureTarget,
  { events, pictures }: Pick<ErasureReport, 'events' | 'pictures'>,
  found: Verification,
): string {
  const left = problemsOf(target, found);
  if (left.length > 0) throw new ErasureFailed(left.join('\n'));
  if (target.kind === 'before') return onTime(found.traces);
  if (events + pictures === 0) throw new NobodyFound(nobody(found.traces));
  return onIdentity(found.traces, target.identityId);
}

/** It may be a typing error, or an erasure that is run again. */
function nobody(traces: Traces): string {
  const found = [
    'Nobody with this id was found, so nothing was erased.',
    'Check the id, unless the person was erased before.',
  ];
  // A hint at what was meant: the id may be part of a longer one.
  if (traces.others > 0 || traces.isInNames) found.push(whereElse(traces, 'this id'));
  return found.join(' ');
}

function problemsOf(
  { kind }: ErasureTarget,
  { events, pictures, setAside, traces }: Verification,
): string[] {
  const sought = kind === 'identity' ? 'the id or the name' : 'ids of events that were erased';
  return [
    ...(events + pictures > 0
      ? [
          `${counted(events, 'event')} and ${counted(pictures, 'picture')} are still there: erase again`,
        ]
      : []),
    ...(traces.left.length > 0
      ? [
          `these files still contain ${sought}: ${traces.left.join(', ')}. Delete a file that was set aside as damaged; for any other, erase again`,
        ]
      : []),
    ...(setAside.length > 0
      ? [
          `these files were set aside as damaged, and may contain erased data; delete them yourself: ${setAside.join(', ')}`,
        ]
      : []),
  ];
}

function onIdentity(traces: Traces, identityId: string): string {
  const { tooShort, texts, files } = traces;
  const isShort = (text: string) => tooShort.includes(text);
  const names = texts.filter((text) => text !== identityId);
  const unsought = [
    ...(isShort(identityId) ? ['The id'] : []),
    ...(names.some(isShort) ? ['A name'] : []),
  ].map((what) => `${what} is too short for a search in the bytes of the files.`);
  const sought = [
    ...(isShort(identityId) ? [] : ['the id']),
    ...(names.every(isShort) ? [] : ['the name']),
  ].join(' or ');
  const none = 'No event of the person is left.';
  if (sought === '' || files === 0) return [none, ...unsought].join(' ');
  return [none, `${lookedInto(traces)}: ${whereElse(traces, sought)}`, ...unsought].join(' ');
}

function whereElse({ others, isInNames }: Traces, sought: string): string {
  const holders = [
    ...(others > 0 ? [`${counted(others, 'event')} of others`] : []),
    ...(isInNames ? ['names of sites, boxes, devices or tables'] : []),
  ].join(' and ');
  return holders === ''
    ? `no trace of ${sought} is left.`
    : `${holders} contain ${sought} as part of another text, or came after the erasure; nothing else does.`;
}

function onTime(traces: Traces): string {
  const { texts, others, files } = traces;
  const none = 'No event and no picture from before is left.';
  if (texts.length === 0 || files === 0) return none;
  const found =
    others === 0
      ? 'no trace is left.'
      : `${counted(others, 'event')} came again after the erasure.`;
  return `${none} ${lookedInto(traces)} for the ids of ${texts.length} of the events: ${found}`;
}

const lookedInto = ({ files, bytes }: Pick<Traces, 'files' | 'bytes'>): string =>
  `Looked into ${counted(files, 'file')} (${Math.ceil(bytes / 1e6)} MB)`;

/** `1 event`, `2 events` */
export const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;
