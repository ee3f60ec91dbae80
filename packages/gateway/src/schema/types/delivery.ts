import type { Recognition } from '../../journal/recognition.ts';
import { builder } from '../builder.ts';

const values = {
  LIVE: { description: 'Heard from the box as it happened.' },
  BACKFILLED: {
    description: 'Read back later from what the box had stored, after a time out of reach.',
  },
} satisfies Record<Recognition['delivery'], { description: string }>;

export const Delivery = builder.enumType('Delivery', {
  description: 'How an event came from its box to the gateway.',
  values,
});
