import type { BackfillStatus } from '../../fleet/directory.ts';
import { builder } from '../builder.ts';

const values = {
  RUNNING: {
    description: 'The gateway reads missed events back, or will when it can reach the box.',
  },
  COMPLETE: { description: 'The gateway has read back all events that the box has of the outage.' },
  INCOMPLETE: {
    description:
      'The gateway could not read all of the outage back: the box stores no events, ' +
      'failed repeatedly, no longer had them, or sent unreadable ones. `gapsBefore` ' +
      'reports the rest.',
  },
} satisfies Record<BackfillStatus['state'], { description: string }>;

export const BackfillState = builder.enumType('BackfillState', {
  description: 'Whether reading missed events back from a box runs, or how it ended.',
  values,
});
