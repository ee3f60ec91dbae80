import type { Gap as GapRecord } from '../../journal/gap.ts';
import { builder } from '../builder.ts';
import { GapReason } from './gap-reason.ts';

export const Gap = builder.objectRef<GapRecord>('Gap').implement({
  description: 'A time in which events may be missing.',
  fields: (t) => ({
    reason: t.expose('reason', { type: GapReason, description: 'Why the events are missing.' }),
    from: t.expose('from', {
      type: 'DateTime',
      nullable: true,
      description: 'The start of the gap by the gateway’s clock; null when it is unknown.',
    }),
    to: t.expose('to', {
      type: 'DateTime',
      nullable: true,
      description: 'The end of the gap by the gateway’s clock; null when it is unknown.',
    }),
    boxId: t.id({
      nullable: true,
      description:
        'The one box whose events are missing; null when it is not bound to one box, or to one that the viewer may not see.',
      resolve: ({ boxId }, _args, { permissionClass, directory }) =>
        boxId !== null && (permissionClass.isUnlimited || directory.box(boxId)) ? boxId : null,
    }),
    count: t.int({
      nullable: true,
      description:
        'How many events are missing; null when that is not known, and to a viewer who may not see all that there is.',
      resolve: ({ count }, _args, { permissionClass }) =>
        permissionClass.isUnlimited ? count : null,
    }),
  }),
});
