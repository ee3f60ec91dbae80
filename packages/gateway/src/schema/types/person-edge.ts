import { builder } from '../builder.ts';
import type { PersonShape } from '../people.ts';
import { Person } from './person.ts';

export const PersonEdge = builder.objectRef<PersonShape>('PersonEdge').implement({
  description: 'One person of a page, with their place among the pages.',
  fields: (t) => ({
    cursor: t.string({
      description: 'Opaque. The place of the person by `lastEvent`: `after` of the next page.',
      resolve: ({ lastEvent }, _args, { journal }) => journal.cursorAt(lastEvent.position),
    }),
    node: t.field({ type: Person, description: 'The person.', resolve: (person) => person }),
  }),
});
