import type { BackfillStatus } from '../../fleet/directory.ts';
import { builder } from '../builder.ts';

const values = {
  RUNNING: {
    description:
      'What was missed is being read back, or will be once the box can be reached again.',
  },
  COMPLETE: { description: 'All that the box has of the span has been read back.' },
  INCOMPLETE: {
    description:
      'Not all of the span could be read back: the box has no such endpoint, failed again and ' +
      'again, has forgotten, or gave what could not be read. The rest is declared in `gapsBefore`.',
  },
} satisfies Record<BackfillStatus['state'], { description: string }>;

export const BackfillState = builder.enumType('BackfillState', {
  description: 'How reading back what was missed from a box goes.',
  values,
});
