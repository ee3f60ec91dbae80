import { BoxStatusStream } from '../box-status-stream.ts';
import { builder } from '../builder.ts';
import { selectedDetail } from '../detail-selection.ts';
import { selectedPictures } from '../picture-selection.ts';
import { Box } from './box.ts';
import { RecognitionEvent } from './recognition-event.ts';
import { RecognitionEventFilter, toEventFilter } from './recognition-event-filter.ts';

builder.subscriptionType({
  description:
    'What happens, as it happens, over WebSocket (graphql-transport-ws) or server-sent events.',
  fields: (t) => ({
    recognitionEvents: t.field({
      type: RecognitionEvent,
      description:
        'Live recognitions. Each event is sent once, in the order in which the gateway got them. ' +
        'Whoever reads slowly gets them later, from the journal, and loses nothing that is kept.',
      args: {
        deviceIds: t.arg.idList({
          description:
            'Of these devices: `<box id>/<device id>`, or a box’s own id without a slash, which means the device on every box that has it. ' +
            'Null or left out: every device the viewer may see. An empty list: none. A device that is not there yet may appear later.',
        }),
        withImages: t.arg.boolean({
          defaultValue: false,
          description:
            'With the three pictures; without, they are null. Boxes are asked for pictures only while somebody ' +
            'subscribes with this and selects one.',
        }),
        filter: t.arg({
          type: RecognitionEventFilter,
          description: 'Which events. Null means all.',
        }),
        after: t.arg.string({
          description:
            'Go on behind this cursor: what came since is sent first, `replayed`. What can’t be had any more is said in ' +
            '`gapsBefore`. Null begins with what happens from now on. Text that is no cursor is the error INVALID_CURSOR.',
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
        'The state of each box now, then every change of its link or its devices. ' +
        'Whoever reads slowly gets the latest state of a box, not every one in between.',
      args: {
        boxIds: t.arg.idList({
          description:
            'Of these boxes. Null or left out means any, an empty list none; an unknown id matches nothing.',
        }),
      },
      subscribe: (_root, { boxIds }, { directory }) =>
        new BoxStatusStream(directory, boxIds ?? undefined),
      resolve: (boxId) => boxId,
    }),
  }),
});
