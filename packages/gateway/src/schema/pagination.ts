import { GatewayError } from '../errors.ts';
import type { Cursor, HistoryPage, HistoryQuery, Journal, Position } from '../journal/journal.ts';

/** Events of a page when neither `first` nor `last` is given. */
export const DEFAULT_PAGE_SIZE = 50;
/** Events of a page at most. */
export const MAX_PAGE_SIZE = 500;

export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** How the pages of a connection follow each other. */
export type PageOrder = 'oldest first' | 'newest first';

/**
 * Relay's arguments as a range of the journal. Without `first` and `last`: what follows
 * `after`, else the newest.
 *
 * @param order Default: the oldest event first.
 * @throws {GatewayError} BAD_USER_INPUT for a size that is no page's, INVALID_CURSOR for
 *   a cursor that this journal did not give out.
 */
export function toHistoryRange(
  { first, after, last, before }: PageArgs,
  journal: Pick<Journal, 'cursorAt' | 'resume'>,
  order: PageOrder = 'oldest first',
): Omit<HistoryQuery, 'filter'> {
  const isReversed = order === 'newest first';
  if (first != null && last != null) {
    throw new GatewayError('BAD_USER_INPUT', 'Give first or last, not both.');
  }
  const isForward = first != null || (last == null && (isReversed || after != null));
  const from = isForward ? 'first' : 'last';
  const count = first ?? last ?? DEFAULT_PAGE_SIZE;
  if (count < 0 || count > MAX_PAGE_SIZE) {
    throw new GatewayError(
      'BAD_USER_INPUT',
      `${from} must be from 0 to ${MAX_PAGE_SIZE}; found ${count}.`,
    );
  }
  const [oldest, newest] = isReversed ? [before, after] : [after, before];
  return {
    take: { from: isForward === isReversed ? 'last' : 'first', count },
    ...(oldest != null && { after: boundAt(oldest, journal) }),
    ...(newest != null && { before: boundAt(newest, journal) }),
  };
}

/** The same page with its newest event first. */
export const newestFirst = ({
  records,
  hasPreviousPage,
  hasNextPage,
}: HistoryPage): HistoryPage => ({
  records: records.toReversed(),
  hasPreviousPage: hasNextPage,
  hasNextPage: hasPreviousPage,
});

const boundAt = (text: string, journal: Pick<Journal, 'cursorAt' | 'resume'>): Cursor =>
  journal.cursorAt(placeAt(text, journal));

/**
 * Where the bound of a page is. A page can't declare a gap, so a cursor that can't be placed is an
 * error, not an empty page.
 *
 * @throws {GatewayError} INVALID_CURSOR
 */
export function placeAt(text: string, journal: Pick<Journal, 'resume'>): Position {
  const { position, gap } = journal.resume(text);
  if (gap?.reason === 'UNKNOWN_CURSOR') {
    throw new GatewayError(
      'INVALID_CURSOR',
      'The record of this cursor is not in the journal, which is a new one or was rolled back to a copy; begin anew without it.',
    );
  }
  return position;
}
