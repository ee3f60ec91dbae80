import type { Delivery } from '../../fanout/delivery.ts';
import { builder } from '../builder.ts';
import { RecognitionEvent } from './recognition-event.ts';

export const RecognitionEventEdge = builder.objectRef<Delivery>('RecognitionEventEdge').implement({
  description: 'One event of a page, with its cursor.',
  fields: (t) => ({
    cursor: t.string({
      description: 'The same as the event’s own cursor.',
      resolve: ({ position }, _args, { journal }) => journal.cursorAt(position),
    }),
    node: t.field({
      type: RecognitionEvent,
      description: 'The event.',
      resolve: (delivery) => delivery,
    }),
  }),
});
