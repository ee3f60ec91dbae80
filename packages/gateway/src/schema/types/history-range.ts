import { builder } from '../builder.ts';
import { MAX_PAGE_SIZE } from '../pagination.ts';

/** The arguments of a field that is a page of events. */
export const historyRange = builder.args((t) => ({
  first: t.int({
    description: `How many events from the start of the range, 0 to ${MAX_PAGE_SIZE}; not together with \`last\`.`,
  }),
  after: t.string({ description: 'Only events after this cursor.' }),
  last: t.int({
    description: `How many events from the end of the range, 0 to ${MAX_PAGE_SIZE}; not together with \`first\`.`,
  }),
  before: t.string({ description: 'Only events before this cursor.' }),
}));
