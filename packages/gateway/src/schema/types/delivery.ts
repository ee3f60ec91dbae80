import type { Recognition } from '../../journal/recognition.ts';
import { builder } from '../builder.ts';

const values = {
  LIVE: { description: 'The box sent it as it happened.' },
  BACKFILLED: {
    description: 'The gateway read it back from the box’s store after an outage.',
  },
} satisfies Record<Recognition['delivery'], { description: string }>;

export const Delivery = builder.enumType('Delivery', {
  description: 'Whether an event came live or was read back.',
  values,
});
