import type { GapReason as Reason } from '../../journal/gap.ts';
import { builder } from '../builder.ts';

const values = {
  BOX_UNREACHABLE: {
    description: 'The gateway could not hear the box, and could not read the events back later.',
  },
  RETENTION: {
    description: 'The events are older than the journal keeps, for all boxes or for the named one.',
  },
  UNKNOWN_CURSOR: {
    description:
      'The record of the cursor is not in the journal, which is new or was restored ' +
      'from a copy. The subscription continues with the oldest kept event.',
  },
  JOURNAL_UNAVAILABLE: {
    description:
      'The gateway could not write the journal, and could send the events only live, if ' +
      'at all.',
  },
} satisfies Record<Reason, { description: string }>;

export const GapReason = builder.enumType('GapReason', {
  description: 'Why events are missing.',
  values,
});
