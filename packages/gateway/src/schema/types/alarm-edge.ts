import type { AlarmView } from '../../fanout/alarm-view.ts';
import { alarmCursor } from '../alarm-page.ts';
import { builder } from '../builder.ts';
import { Alarm } from './alarm.ts';

export const AlarmEdge = builder.objectRef<AlarmView>('AlarmEdge').implement({
  description: 'One alarm of a page, with its place among the pages.',
  fields: (t) => ({
    cursor: t.string({
      description: 'Opaque. The place of the alarm by its opening: `after` of the next page.',
      resolve: (view, _args, { journal }) => alarmCursor(view, journal),
    }),
    node: t.field({ type: Alarm, description: 'The alarm.', resolve: (view) => view }),
  }),
});
