import type { AlarmState as AlarmStateValue } from '../../journal/alarm/alarm.ts';
import { builder } from '../builder.ts';

export const AlarmState = builder.enumType('AlarmState', {
  description: 'How far an alarm has been dealt with.',
  values: {
    OPEN: { description: 'Nobody has acknowledged it.' },
    ACKNOWLEDGED: { description: 'Somebody takes care of it. Events still add to it.' },
    CLOSED: {
      description: 'It is dealt with. Later events open another alarm; only notes can be added.',
    },
  } satisfies Record<AlarmStateValue, object>,
});
