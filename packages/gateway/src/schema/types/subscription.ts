import { BoxStatusStream } from '../box-status-stream.ts';
import { builder } from '../builder.ts';
import { selectedDetail } from '../detail-selection.ts';
import { selectedPictures } from '../picture-selection.ts';
import { Alarm } from './alarm.ts';
import { AlarmFilter, toAlarmFilter } from './alarm-filter.ts';
import { Box } from './box.ts';
import { RecognitionEvent } from './recognition-event.ts';
import { RecognitionEventFilter, toEventFilter } from './recognition-event-filter.ts';

builder.subscriptionType({
  description: 'Live data over WebSocket (graphql-transport-ws) or server-sent events.',
  fields: (t) => ({
    recognitionEvents: t.field({
      type: RecognitionEvent,
      description:
        'Live recognitions. Each event is sent once, in the order in which the gateway ' +
        'received it. A slow client gets events later, from the journal, and loses no ' +
        'kept event.',
      args: {
        deviceIds: t.arg.idList({
          description:
            'Of these devices: `<box id>/<device id>`, or a box’s own id without a slash, which means the device on every box that has it. ' +
            'Null or left out: every device the viewer may see. An empty list: none. A device that is not there yet may appear later.',
        }),
        withImages: t.arg.boolean({
          defaultValue: false,
          description:
            'Whether events have their three pictures; otherwise these are null. By default ' +
            'boxes send pictures only while a client subscribes with this and selects one.',
        }),
        filter: t.arg({
          type: RecognitionEventFilter,
          description: 'Which events. Null means all.',
        }),
        after: t.arg.string({
          description:
            'Continue after this cursor: later events are sent first, as `replayed`. ' +
            '`gapsBefore` reports events that are no longer there. Null begins with the next ' +
            'event. A text that is not a cursor is the error INVALID_CURSOR.',
        }),
      },
      subscribe: (_root, args, { subscribe }, info) => {
        const withImages = args.withImages ?? false;
        return subscribe({
          filter: toEventFilter(args.filter),
          withImages,
          detail: selectedDetail(info),
          pictures: withImages ? selectedPictures(info) : [],
          ...(args.deviceIds && { deviceIds: args.deviceIds }),
          ...(args.after != null && { after: args.after }),
        });
      },
      resolve: (delivery) => delivery,
    }),
    boxStatus: t.field({
      type: Box,
      description:
        'The present state of each box, then every change of its link or its devices. A ' +
        'slow client gets the latest state of a box, not all states in between.',
      args: {
        boxIds: t.arg.idList({
          description:
            'Of these boxes. Null or omitted means any, an empty list none; an unknown id matches nothing.',
        }),
      },
      subscribe: (_root, { boxIds }, { directory }) =>
        new BoxStatusStream(directory, boxIds ?? undefined),
      resolve: (boxId) => boxId,
    }),
    alarms: t.field({
      type: Alarm,
      description:
        'Each alarm that opens or changes, in the order of the changes: a new event, an acknowledgement, a note. ' +
        'A slow client gets the latest state of an alarm, not all states in between. What was erased or is no ' +
        'longer kept is not told.',
      args: {
        filter: t.arg({ type: AlarmFilter, description: 'Which alarms. Null means all.' }),
        after: t.arg.string({
          description:
            'Begin with the alarms that changed after this cursor, each in its present state: a cursor of an ' +
            'alarm or an event, or `Query.cursor`. One whose record is not in the journal begins with all alarms. ' +
            'Null begins with the next change. A text that is not a cursor is the error INVALID_CURSOR.',
        }),
      },
      subscribe: (_root, { filter, after }, { followAlarms }) =>
        followAlarms({ filter: toAlarmFilter(filter), ...(after != null && { after }) }),
      resolve: (view) => view,
    }),
  }),
});
