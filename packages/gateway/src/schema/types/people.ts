import { MAX_NAMES, MAX_SEARCHED } from '../../journal/people.ts';
import { builder } from '../builder.ts';
import { selectedDetail } from '../detail-selection.ts';
import { DEFAULT_PEOPLE_PAGE, MAX_NAME, MAX_PEOPLE_PAGE, peoplePage, personOf } from '../people.ts';
import { Person } from './person.ts';
import { PersonConnection } from './person-connection.ts';
import { RecognitionEventFilter, toEventFilter } from './recognition-event-filter.ts';

builder.queryFields((t) => ({
  people: t.field({
    type: PersonConnection,
    description:
      'One page of the persons whom boxes have recognised, the one that was seen last first. Strangers are not among them. ' +
      'A person who is seen meanwhile moves to the front. To a viewer without `identity` there is nobody. ' +
      `A page goes through ${MAX_SEARCHED.toLocaleString('en')} events at most: it may have few persons or none, and a next page.`,
    args: {
      filter: t.arg({
        type: RecognitionEventFilter,
        description:
          'Which events count: for who is there, and for each person’s fields. Null means all kept events.',
      }),
      name: t.arg.string({
        description:
          `Only persons whose name in \`lastEvent\` contains this, whatever its case and accents; 1 to ${MAX_NAME} characters. ` +
          `A page goes through ${MAX_NAMES.toLocaleString('en')} names at most.`,
      }),
      first: t.arg.int({
        description: `How many persons, 1 to ${MAX_PEOPLE_PAGE}; null means ${DEFAULT_PEOPLE_PAGE}.`,
      }),
      after: t.arg.string({
        description:
          'The `endCursor` of a page: the next one, with persons who were seen earlier. Null begins with the last seen.',
      }),
    },
    resolve: (_root, { filter, ...args }, context, info) =>
      peoplePage(toEventFilter(filter), args, selectedDetail(info), context),
  }),
  person: t.field({
    type: Person,
    nullable: true,
    description:
      'The person with this id, with all their events; null when no kept event shows them, or the viewer may see none of these with `identity`.',
    args: {
      identityId: t.arg.string({
        required: true,
        description: '`RecognitionEvent.identityId`.',
      }),
    },
    resolve: (_root, { identityId }, context, info) =>
      personOf(identityId, selectedDetail(info), context),
  }),
}));
