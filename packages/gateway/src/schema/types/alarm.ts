import type { AlarmView } from '../../fanout/alarm-view.ts';
import { eventsOfAlarm, lastEventsOf, showsIdentity } from '../alarms.ts';
import { builder } from '../builder.ts';
import { selectedDetail } from '../detail-selection.ts';
import { toHistoryRange } from '../pagination.ts';
import { AlarmNote } from './alarm-note.ts';
import { AlarmState } from './alarm-state.ts';
import { Box, boxOf } from './box.ts';
import { Device, deviceOf } from './device.ts';
import { historyRange } from './history-range.ts';
import { Node } from './node.ts';
import { PersonType } from './person-type.ts';
import { RecognitionEvent } from './recognition-event.ts';
import { RecognitionEventConnection } from './recognition-event-connection.ts';
import { Severity } from './severity.ts';
import { Site, siteOf } from './site.ts';

export const Alarm = builder.objectRef<AlarmView>('Alarm').implement({
  description:
    'One or more events of one person at one device that matched a watch rule, and what people did about ' +
    'them. It is kept as long as the event that opened it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'The id of the alarm: the same on every transport and after a restart.',
      resolve: ({ alarm }) => alarm.id,
    }),
    cursor: t.string({
      description:
        'Opaque. Pass it as `after` to follow what changes after this state of the alarm. Another one after each change.',
      resolve: ({ position }, _args, { journal }) => journal.cursorAt(position),
    }),
    rule: t.string({
      description: 'The id of the watch rule, which may be configured no longer.',
      resolve: ({ alarm }) => alarm.rule,
    }),
    title: t.string({
      description: 'The title of the rule when the alarm opened, for people.',
      resolve: ({ alarm }) => alarm.title,
    }),
    severity: t.field({
      type: Severity,
      description: 'The severity of the rule when the alarm opened.',
      resolve: ({ alarm }) => alarm.severity,
    }),
    state: t.field({
      type: AlarmState,
      description: 'How far it has been dealt with.',
      resolve: ({ alarm }) => alarm.state,
    }),
    openedAt: t.field({
      type: 'DateTime',
      description:
        '`occurredAt` of the event that opened it. An event that is read back late may have opened it long ago.',
      resolve: ({ alarm }) => alarm.openedAt,
    }),
    device: t.field({
      type: Device,
      description: 'The device that saw the person; only with its ids when no box has listed it.',
      resolve: ({ alarm }, _args, context) => deviceOf(alarm.subject, context),
    }),
    box: t.field({
      type: Box,
      description: 'The box of the device.',
      resolve: ({ alarm }, _args, context) => boxOf(alarm.subject, context),
    }),
    site: t.field({
      type: Site,
      description: 'The site of the box.',
      resolve: ({ alarm }, _args, context) => siteOf(alarm.subject.siteId, context),
    }),
    personType: t.field({
      type: PersonType,
      description: 'The type of person of the event that opened it.',
      resolve: ({ alarm }) => alarm.subject.personType,
    }),
    identityId: t.string({
      nullable: true,
      description:
        'The box’s id of the person; empty for a stranger. Null to a viewer who may not see `identity`.',
      resolve: (view, _args, context) =>
        showsIdentity(view, context) ? view.alarm.subject.identityId : null,
    }),
    identityName: t.string({
      nullable: true,
      description:
        'The person’s name; empty or "stranger" when there is none. Null to a viewer who may not see `identity`.',
      resolve: (view, _args, context) =>
        showsIdentity(view, context) ? view.alarm.subject.identityName : null,
    }),
    events: t.field({
      type: RecognitionEventConnection,
      description:
        'The events of the alarm that the viewer may see, in pages like those of `Query.recognitionEvents`.',
      args: historyRange,
      resolve: async (view, range, context, info) => {
        const filter = eventsOfAlarm(view, context);
        const query = { filter, detail: selectedDetail(info) };
        const { journal, signal } = context;
        const page = await journal.history({ ...query, ...toHistoryRange(range, journal) }, signal);
        context.historyRead?.({}, page.records.length);
        return { filter, page };
      },
    }),
    eventCount: t.int({
      description: 'How many events it has had; erased ones still count.',
      resolve: ({ alarm }) => alarm.eventCount,
    }),
    lastEventAt: t.field({
      type: 'DateTime',
      description: 'The latest `occurredAt` of its events.',
      resolve: ({ alarm }) => alarm.lastEventAt,
    }),
    lastEvent: t.loadable({
      type: RecognitionEvent,
      nullable: true,
      description: 'The newest of its events; null when it is gone, or the viewer may not see it.',
      load: (views: AlarmView[], context) => lastEventsOf(views, context),
      resolve: (view) => view,
    }),
    assignee: t.string({
      nullable: true,
      description: 'Who takes care of it, as whoever acknowledged it wrote.',
      resolve: ({ alarm }) => alarm.assignee,
    }),
    notes: t.field({
      type: [AlarmNote],
      description: 'What people wrote about it, oldest first: at most 100, and one of closing it.',
      resolve: ({ alarm }) =>
        alarm.notes.flatMap(({ text, by, at }) => (text === undefined ? [] : [{ text, by, at }])),
    }),
    acknowledgedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When somebody acknowledged it, by the gateway’s clock; null before.',
      resolve: ({ alarm }) => alarm.acknowledged?.at,
    }),
    acknowledgedBy: t.string({
      nullable: true,
      description: 'Who did: the name of the token, or the `sub` of a JSON Web Token.',
      resolve: ({ alarm }) => alarm.acknowledged?.by,
    }),
    closedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When somebody closed it, by the gateway’s clock; null before.',
      resolve: ({ alarm }) => alarm.closed?.at,
    }),
    closedBy: t.string({
      nullable: true,
      description: 'Who did, as in `acknowledgedBy`.',
      resolve: ({ alarm }) => alarm.closed?.by,
    }),
  }),
});
