import { builder } from '../builder.ts';
import { selectedDetail } from '../detail-selection.ts';
import { newestFirst, toHistoryRange } from '../pagination.ts';
import type { PersonShape } from '../people.ts';
import { historyRange } from './history-range.ts';
import { PersonType } from './person-type.ts';
import { RecognitionEvent } from './recognition-event.ts';
import { RecognitionEventConnection } from './recognition-event-connection.ts';

export const Person = builder.objectRef<PersonShape>('Person').implement({
  description:
    'A person whom boxes have recognised, by `identityId`: never a stranger. What it says depends on the events that were ' +
    'asked for, and on those that the viewer may see with `identity`, so it is no `Node`.',
  fields: (t) => ({
    identityId: t.string({
      description: 'The boxes’ id of the person.',
      resolve: ({ lastEvent }) => lastEvent.event.identityId,
    }),
    identityName: t.string({
      description: 'The person’s name in `lastEvent`; may be empty.',
      resolve: ({ lastEvent }) => lastEvent.event.identityName,
    }),
    groupName: t.string({
      description: 'The person’s group in `lastEvent`; may be empty.',
      resolve: ({ lastEvent }) => lastEvent.event.groupName,
    }),
    personType: t.field({
      type: PersonType,
      description: 'The person’s type in `lastEvent`.',
      resolve: ({ lastEvent }) => lastEvent.event.personType,
    }),
    lastEvent: t.field({
      type: RecognitionEvent,
      description:
        'The event that the gateway received last: it has the time, the device and the pictures.',
      resolve: ({ lastEvent }) => lastEvent,
    }),
    eventCount: t.int({
      description: 'How many events the person has. Counted only when it is selected.',
      resolve: ({ eventCount }) => eventCount(),
    }),
    events: t.field({
      type: RecognitionEventConnection,
      description:
        'The person’s events over all sites, the newest first: `first` and `after: endCursor` lead to older ones.',
      args: { ...historyRange },
      resolve: async ({ lastEvent, filter }, range, { journal, signal, historyRead }, info) => {
        const asked = toHistoryRange(range, journal, 'newest first');
        const detail = selectedDetail(info);
        const page = await journal.history({ filter, detail, ...asked }, signal);
        historyRead?.({ identityIds: [lastEvent.event.identityId] }, page.records.length);
        return { filter, page: newestFirst(page) };
      },
    }),
  }),
});
