import type { BackfillStatus } from '../../fleet/directory.ts';
import { builder } from '../builder.ts';
import { BackfillState } from './backfill-state.ts';

export const Backfill = builder.objectRef<BackfillStatus>('Backfill').implement({
  description:
    'What was done about a time in which the gateway could not listen to a box: the events that ' +
    'the box has stored are read back, and delivered as BACKFILLED.',
  fields: (t) => ({
    state: t.expose('state', { type: BackfillState, description: 'How it goes.' }),
    from: t.expose('from', {
      type: 'DateTime',
      description: 'The last sign of life before the span, by the gateway’s clock.',
    }),
    to: t.expose('to', {
      type: 'DateTime',
      description: 'When the gateway listened again, by its clock.',
    }),
    recovered: t.exposeInt('recovered', {
      description: 'How many events had been missed, and can be had now.',
    }),
    error: t.string({
      nullable: true,
      description:
        'Why it was given up: a stable code, a colon and words, such as `NOT_SUPPORTED: …`. Null ' +
        'when it was not, or when the box has forgotten.',
      resolve: ({ error }) => (error ? `${error.code}: ${error.message}` : null),
    }),
  }),
});
