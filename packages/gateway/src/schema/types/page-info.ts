import type { Cursor } from '../../journal/journal.ts';
import { builder } from '../builder.ts';

export interface PageInfoShape {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: Cursor | null;
  readonly endCursor: Cursor | null;
}

export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'The position of a page among all, as in the Relay connection specification.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description:
        'Whether more matches behind the page: newer events, or older alarms. Get it with `first` and `after: endCursor`.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description:
        'Whether older events match. Get them with `last` and `before: startCursor`. Of alarms: whether the page was asked for with `after`.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the page’s first edge; null when the page is empty.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the page’s last edge; null when the page is empty.',
    }),
  }),
});
