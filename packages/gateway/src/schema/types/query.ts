import { GatewayError } from '../../errors.ts';
import { alarmPage, DEFAULT_ALARM_PAGE, MAX_ALARM_PAGE } from '../alarm-page.ts';
import { alarmOf } from '../alarms.ts';
import { builder } from '../builder.ts';
import { selectedDetail } from '../detail-selection.ts';
import { eventCounts, MAX_BUCKETS } from '../event-counts.ts';
import { eventsAt, MAX_CURSORS } from '../events-at.ts';
import { eventOf, MAX_NODES, nodeOf, nodesOf } from '../node-of.ts';
import { DEFAULT_PAGE_SIZE, toHistoryRange } from '../pagination.ts';
import { Alarm } from './alarm.ts';
import { AlarmConnection } from './alarm-connection.ts';
import { AlarmFilter, toAlarmFilter } from './alarm-filter.ts';
import { Box } from './box.ts';
import { Device } from './device.ts';
import { EventCount } from './event-count.ts';
import { EventCountBy } from './event-count-by.ts';
import { historyRange } from './history-range.ts';
import { Node } from './node.ts';
import { RecognitionEvent } from './recognition-event.ts';
import { RecognitionEventConnection } from './recognition-event-connection.ts';
import { RecognitionEventFilter, toEventFilter } from './recognition-event-filter.ts';
import { Site } from './site.ts';

const LIST_RULE = 'Null or omitted means any, an empty list none; an unknown id matches nothing.';

builder.queryType({
  description: 'Sites, boxes and devices as they are now, the history of events, and alarms.',
  fields: (t) => ({
    node: t.field({
      type: Node,
      nullable: true,
      description:
        'The site, box, device, alarm or event that has this `id`, as Relay refetches objects; null when there is none, ' +
        'or the viewer may not see it. An event is found as by `recognitionEvent`.',
      args: { id: t.arg.id({ required: true, description: 'The `id` of the object.' }) },
      resolve: (_root, { id }, context) => nodeOf(id, context),
    }),
    nodes: t.field({
      type: [Node],
      nullable: { list: false, items: true },
      description: 'The objects that have these ids, each as by `node`, in the same order.',
      args: {
        ids: t.arg.idList({
          required: true,
          description: `The \`id\` of up to ${MAX_NODES} objects.`,
        }),
      },
      resolve: (_root, { ids }, context) => nodesOf(ids, context),
    }),
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
      resolve: (_root, _args, { journal, newestFor, permissionClass }) =>
        journal.cursorAt(newestFor(permissionClass)),
    }),
    recognitionEvents: t.field({
      type: RecognitionEventConnection,
      description:
        'One page of history, oldest event first. Without `first` and `last`: ' +
        `the ${DEFAULT_PAGE_SIZE} events after \`after\`, or without it the newest ${DEFAULT_PAGE_SIZE}. ` +
        'A cursor whose record is not in the journal is the error INVALID_CURSOR.',
      args: {
        filter: t.arg({
          type: RecognitionEventFilter,
          description: 'Which events. Null means all kept events.',
        }),
        ...historyRange,
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
    eventCounts: t.field({
      type: [EventCount],
      description:
        'How many events match, for charts. By HOUR and DAY: every hour or day between `from` and `to` of the ' +
        'filter, oldest first, also those without events. Without `from` it begins with the oldest event, without ' +
        `\`to\` it ends with the newest. A range of more than ${MAX_BUCKETS.toLocaleString('en')} hours or days is the error BAD_USER_INPUT.`,
      args: {
        filter: t.arg({
          type: RecognitionEventFilter,
          description: 'Which events. Null means all kept events.',
        }),
        by: t.arg({ type: EventCountBy, required: true, description: 'How to group events.' }),
        timeZone: t.arg.string({
          defaultValue: 'UTC',
          description:
            'The time zone of the hours and days: an IANA name, such as `Site.timezone`; null means UTC.',
        }),
      },
      resolve: (_root, { filter, by, timeZone }, context) =>
        eventCounts(toEventFilter(filter), by, timeZone ?? 'UTC', context),
    }),
    recognitionEvent: t.field({
      type: RecognitionEvent,
      nullable: true,
      description:
        'The event with this id; null when the gateway does not keep it, or the viewer may not see it or its `identity`. ' +
        'The newest events are found first; through millions of events the search takes seconds. ' +
        '`recognitionEventsAt` finds an event by its cursor, without a search.',
      args: { id: t.arg.id({ required: true, description: '`RecognitionEvent.id`.' }) },
      resolve: (_root, { id }, context) => eventOf(id, context),
    }),
    recognitionEventsAt: t.field({
      type: [RecognitionEvent],
      nullable: { list: false, items: true },
      description:
        'The events that have these cursors, in the same order: to get new addresses of their pictures, say. ' +
        'Null for one that is gone, or that the viewer may not see (any more).',
      args: {
        cursors: t.arg.stringList({
          required: true,
          description: `\`RecognitionEvent.cursor\` of up to ${MAX_CURSORS} events. A text that is no cursor is the error INVALID_CURSOR.`,
        }),
      },
      resolve: (_root, { cursors }, context, info) =>
        eventsAt(cursors, selectedDetail(info), context),
    }),
    alarms: t.field({
      type: AlarmConnection,
      description:
        'One page of alarms, the one that was opened last first. `Subscription.alarms` follows them.',
      args: {
        filter: t.arg({ type: AlarmFilter, description: 'Which alarms. Null means all.' }),
        first: t.arg.int({
          description: `How many alarms, 1 to ${MAX_ALARM_PAGE}; null means ${DEFAULT_ALARM_PAGE}.`,
        }),
        after: t.arg.string({
          description:
            'The `endCursor` of a page: the next one, with older alarms. Null begins with the newest.',
        }),
      },
      resolve: (_root, { filter, ...range }, context) =>
        alarmPage(toAlarmFilter(filter), range, context),
    }),
    alarm: t.field({
      type: Alarm,
      nullable: true,
      description:
        'The alarm with this id; null when the gateway does not keep it, or the viewer may not see it.',
      args: { id: t.arg.id({ required: true, description: '`Alarm.id`.' }) },
      resolve: (_root, { id }, context) => alarmOf(id, context),
    }),
  }),
});

const isAmong = (id: string, ids: readonly string[] | null | undefined): boolean =>
  ids == null || ids.includes(id);
