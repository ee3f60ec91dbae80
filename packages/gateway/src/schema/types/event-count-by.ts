import { builder } from '../builder.ts';

export const EventCountBy = builder.enumType('EventCountBy', {
  description: 'How `eventCounts` groups events.',
  values: {
    HOUR: { description: 'By the hour of `occurredAt`, by the clocks of a time zone.' },
    DAY: { description: 'By the day of `occurredAt`, by the clocks of a time zone.' },
    DEVICE: { description: 'By device. Only devices with events, most events first.' },
    PERSON_TYPE: { description: 'By type of person. All types that the filter lets through.' },
  },
});
