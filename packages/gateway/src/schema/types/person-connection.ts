import { builder } from '../builder.ts';
import type { PeoplePageShape } from '../people.ts';
import { PageInfo } from './page-info.ts';
import { PersonEdge } from './person-edge.ts';

export const PersonConnection = builder.objectRef<PeoplePageShape>('PersonConnection').implement({
  description: 'A page of persons, the one that was seen last first.',
  fields: (t) => ({
    edges: t.field({
      type: [PersonEdge],
      description: 'The persons of the page, the one that was seen last first.',
      resolve: ({ people }) => people,
    }),
    pageInfo: t.field({
      type: PageInfo,
      description: 'The position of the page. Its next page has persons who were seen earlier.',
      resolve: ({ people, next, hasPreviousPage }, _args, { journal }) => {
        const first = people.at(0)?.lastEvent.position;
        const last = next ?? people.at(-1)?.lastEvent.position;
        return {
          hasPreviousPage,
          hasNextPage: next !== undefined,
          startCursor: first === undefined ? null : journal.cursorAt(first),
          endCursor: last === undefined ? null : journal.cursorAt(last),
        };
      },
    }),
  }),
});
