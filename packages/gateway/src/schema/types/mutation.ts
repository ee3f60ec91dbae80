import { checkedAnswer, MAX_ASSIGNEE, MAX_KEY, MAX_NOTE } from '../alarm-answer.ts';
import { builder } from '../builder.ts';
import { Alarm } from './alarm.ts';

const ALLOWED =
  'Needs a role with `answer`, else NOT_ALLOWED. An alarm that the viewer may not see is ALARM_NOT_FOUND.';

const act = builder.args((t) => ({
  id: t.id({ required: true, description: '`Alarm.id`.' }),
  key: t.string({
    required: true,
    description:
      `Names this act, 1 to ${MAX_KEY} characters: a random UUID, say. The same act of the same viewer with the ` +
      'same key is applied once, so a client that got no answer sends it again.',
  }),
}));

const NOTE_LENGTH = `1 to ${MAX_NOTE.toLocaleString('en')} characters`;

builder.mutationType({
  description: 'What people do about alarms. Over HTTP by POST alone.',
  fields: (t) => ({
    acknowledgeAlarm: t.field({
      type: Alarm,
      description: `Takes care of an open alarm. The first one wins: to others it is ALARM_ACKNOWLEDGED, or ALARM_CLOSED. ${ALLOWED}`,
      args: {
        ...act,
        assignee: t.arg.string({
          description: `Who takes care of it, 1 to ${MAX_ASSIGNEE} characters. Null names nobody.`,
        }),
      },
      resolve: (_root, args, { answerAlarm }) => answerAlarm(checkedAnswer('ACKNOWLEDGE', args)),
    }),
    closeAlarm: t.field({
      type: Alarm,
      description: `Closes an alarm, acknowledged or not. One that is closed is ALARM_CLOSED. ${ALLOWED}`,
      args: {
        ...act,
        note: t.arg.string({ description: `Becomes a note, ${NOTE_LENGTH}.` }),
      },
      resolve: (_root, { note, ...args }, { answerAlarm }) =>
        answerAlarm(checkedAnswer('CLOSE', { ...args, text: note })),
    }),
    addAlarmNote: t.field({
      type: Alarm,
      description: `Adds a note, also to a closed alarm. Beyond 100 notes it is ALARM_FULL. ${ALLOWED}`,
      args: {
        ...act,
        text: t.arg.string({ required: true, description: `The note, ${NOTE_LENGTH}.` }),
      },
      resolve: (_root, args, { answerAlarm }) => answerAlarm(checkedAnswer('NOTE', args)),
    }),
  }),
});
