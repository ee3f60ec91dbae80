import { GatewayError } from '../../errors.ts';
import { builder } from '../builder.ts';
import { selectedDetail } from '../detail-selection.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, toHistoryRange } from '../pagination.ts';
import { Box } from './box.ts';
import { Device } from './device.ts';
import { RecognitionEventConnection } from './recognition-event-connection.ts';
import { RecognitionEventFilter, toEventFilter } from './recognition-event-filter.ts';
import { Site } from './site.ts';

const LIST_RULE = 'Null or left out means any, an empty list none; an unknown id matches nothing.';

builder.queryType({
  description: 'What is known now, and what has been.',
  fields: (t) => ({
    sites: t.field({
      type: [Site],
      description: 'All sites, in the order of the configuration.',
      resolve: (_root, _args, { directory }) => directory.sites,
    }),
    boxes: t.field({
      type: [Box],
      description: 'The boxes, in the order of the configuration.',
      args: { siteIds: t.arg.idList({ description: `Of these sites. ${LIST_RULE}` }) },
      resolve: (_root, { siteIds }, { directory }) =>
        directory.boxes.filter((box) => isAmong(box.siteId, siteIds)),
    }),
    box: t.field({
      type: Box,
      nullable: true,
      description: 'One box; null when no box has this id.',
      args: { id: t.arg.id({ required: true, description: 'The box’s id.' }) },
      resolve: (_root, { id }, { directory }) => directory.box(id),
    }),
    devices: t.field({
      type: [Device],
      description: 'The devices that the boxes list now.',
      args: {
        siteIds: t.arg.idList({ description: `Of these sites. ${LIST_RULE}` }),
        boxIds: t.arg.idList({ description: `Of these boxes. ${LIST_RULE}` }),
      },
      resolve: (_root, { siteIds, boxIds }, { directory }) =>
        directory.boxes
          .filter((box) => isAmong(box.siteId, siteIds) && isAmong(box.id, boxIds))
          .flatMap((box) => directory.devices(box.id)),
    }),
    device: t.field({
      type: Device,
      nullable: true,
      description:
        'One device; null when no box lists it, or has listed it since the gateway started. A bare device id that several boxes have is the error AMBIGUOUS_DEVICE, ' +
        'whose message lists the full ids.',
      args: {
        id: t.arg.id({
          required: true,
          description:
            '`<box id>/<device id>`, or the box’s own id of the device when that holds no slash.',
        }),
      },
      resolve: (_root, { id }, { directory }) => {
        const [device, ...others] = directory.findDevices(id);
        if (device && others.length > 0) {
          const ids = [device, ...others].map((found) => found.id).join(', ');
          throw new GatewayError(
            'AMBIGUOUS_DEVICE',
            `Several boxes have a device with this id; ask for one of: ${ids}.`,
          );
        }
        return device;
      },
    }),
    cursor: t.string({
      description: 'The newest cursor: subscribe `after` it to miss nothing from now on.',
      resolve: (_root, _args, { journal }) => journal.cursorAt(journal.newest),
    }),
    recognitionEvents: t.field({
      type: RecognitionEventConnection,
      description:
        'History, a page at a time, oldest first within the page. Without `first` and `last`: ' +
        `the ${DEFAULT_PAGE_SIZE} events that follow \`after\`, or else the newest ${DEFAULT_PAGE_SIZE}. ` +
        'A cursor that can’t be placed is the error INVALID_CURSOR.',
      args: {
        filter: t.arg({
          type: RecognitionEventFilter,
          description: 'Which events. Null means all that are kept.',
        }),
        first: t.arg.int({
          description: `The oldest so many of the range, 0 to ${MAX_PAGE_SIZE}; not together with \`last\`.`,
        }),
        after: t.arg.string({ description: 'Only events behind this cursor.' }),
        last: t.arg.int({
          description: `The newest so many of the range, 0 to ${MAX_PAGE_SIZE}; not together with \`first\`.`,
        }),
        before: t.arg.string({ description: 'Only events ahead of this cursor.' }),
      },
      resolve: async (_root, { filter: input, ...range }, context, info) => {
        const { journal, signal, permissionClass, historyRead, now } = context;
        const asked = toEventFilter(input);
        const filter = permissionClass.past(asked, now());
        const detail = selectedDetail(info);
        const page = await journal.history(
          { filter, detail, ...toHistoryRange(range, journal) },
          signal,
        );
        historyRead?.(asked, page.records.length);
        return { filter, page };
      },
    }),
  }),
});

const isAmong = (id: string, ids: readonly string[] | null | undefined): boolean =>
  ids == null || ids.includes(id);
