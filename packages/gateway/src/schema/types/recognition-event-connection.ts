import { inHistory } from '../../fanout/delivery.ts';
import type { EventFilter } from '../../journal/filter.ts';
import type { HistoryPage } from '../../journal/journal.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { PageInfo } from './page-info.ts';
import { RecognitionEventEdge } from './recognition-event-edge.ts';

export interface ConnectionShape {
  readonly filter: EventFilter;
  readonly page: HistoryPage;
}

export const RecognitionEventConnection = builder
  .objectRef<ConnectionShape>('RecognitionEventConnection')
  .implement({
    description: 'A page of events: of a person the newest first, otherwise the oldest first.',
    fields: (t) => ({
      edges: t.field({
        type: [RecognitionEventEdge],
        description:
          'The events of the page, in the order in which the gateway received them; of a person in the reverse order.',
        resolve: ({ page }) => page.records.map(inHistory),
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'The position of the page in the history.',
        resolve: ({ page: { records, hasNextPage, hasPreviousPage } }, _args, { journal }) => {
          const [first, last] = [records.at(0), records.at(-1)];
          return {
            hasNextPage,
            hasPreviousPage,
            startCursor: first ? journal.cursorAt(first.position) : null,
            endCursor: last ? journal.cursorAt(last.position) : null,
          };
        },
      }),
      totalCount: t.int({
        description:
          'The number of matching events of all pages. Counted only when it is selected.',
        resolve: ({ filter }, _args, context) => countOf(filter, context),
      }),
    }),
  });

/** One scan for all fields of an answer that count the same. */
function countOf(
  filter: EventFilter,
  { journal, signal, counted = new Map() }: GraphQLContext,
): Promise<number> {
  const key = JSON.stringify(filter);
  const count = counted.get(key) ?? journal.count(filter, signal);
  counted.set(key, count);
  return count;
}
