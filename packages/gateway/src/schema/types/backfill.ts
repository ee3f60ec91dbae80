import type { BackfillStatus } from '../../fleet/directory.ts';
import { builder } from '../builder.ts';
import { BackfillState } from './backfill-state.ts';

export const Backfill = builder.objectRef<BackfillStatus>('Backfill').implement({
  description:
    'The reading back of an outage: the gateway reads the events that the box stored ' +
    'meanwhile, and delivers them as BACKFILLED.',
  fields: (t) => ({
    state: t.expose('state', {
      type: BackfillState,
      description: 'Whether it runs, or how it ended.',
    }),
    from: t.expose('from', {
      type: 'DateTime',
      description: 'When the gateway last heard the box before the outage, by the gateway’s clock.',
    }),
    to: t.expose('to', {
      type: 'DateTime',
      description: 'When the gateway heard the box again, by the gateway’s clock.',
    }),
    recovered: t.exposeInt('recovered', {
      description: 'The number of missed events that were read back.',
    }),
    error: t.string({
      nullable: true,
      description:
        'Why the gateway gave up: a stable code, a colon and a text, such as ' +
        '`NOT_SUPPORTED: …`. Null when it did not, or when the box no longer has the ' +
        'events.',
      resolve: ({ error }) => (error ? `${error.code}: ${error.message}` : null),
    }),
  }),
});
