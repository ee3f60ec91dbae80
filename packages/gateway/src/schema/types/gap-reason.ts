import type { GapReason as Reason } from '../../journal/gap.ts';
import { builder } from '../builder.ts';

const values = {
  BOX_UNREACHABLE: {
    description: 'The gateway could not listen to the box, nor read the span back from it later.',
  },
  RETENTION: {
    description:
      'The events were here, but are older than what is kept, of all boxes or of the one that is named.',
  },
  UNKNOWN_CURSOR: {
    description:
      'The record of the cursor is not in the journal, which is a new one or was rolled back to a copy. Reading begins with the oldest event kept.',
  },
  JOURNAL_UNAVAILABLE: {
    description: 'The journal could not be written: events of the span were only sent live.',
  },
} satisfies Record<Reason, { description: string }>;

export const GapReason = builder.enumType('GapReason', {
  description: 'Why a span of events could not be had.',
  values,
});
