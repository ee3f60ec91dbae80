import { type AlarmPageShape, alarmCursor } from '../alarm-page.ts';
import { builder } from '../builder.ts';
import { AlarmEdge } from './alarm-edge.ts';
import { PageInfo } from './page-info.ts';

export const AlarmConnection = builder.objectRef<AlarmPageShape>('AlarmConnection').implement({
  description: 'A page of alarms, the one that was opened last first.',
  fields: (t) => ({
    edges: t.field({
      type: [AlarmEdge],
      description: 'The alarms of the page, the one that was opened last first.',
      resolve: ({ views }) => views,
    }),
    pageInfo: t.field({
      type: PageInfo,
      description: 'The position of the page. Its next page has older alarms.',
      resolve: ({ views, hasNextPage, hasPreviousPage }, _args, { journal }) => {
        const [first, last] = [views.at(0), views.at(-1)];
        return {
          hasNextPage,
          hasPreviousPage,
          startCursor: first ? alarmCursor(first, journal) : null,
          endCursor: last ? alarmCursor(last, journal) : null,
        };
      },
    }),
  }),
});
