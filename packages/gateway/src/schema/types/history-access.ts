import { builder } from '../builder.ts';
import type { HistoryAccessShape } from '../site-access.ts';
import { FieldGroup } from './field-group.ts';

export const HistoryAccess = builder.objectRef<HistoryAccessShape>('HistoryAccess').implement({
  description: 'What a viewer may see of the history at one site.',
  fields: (t) => ({
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The least `receivedAt` that the viewer may see now; null: all that is kept.',
      resolve: ({ since }) => since,
    }),
    fields: t.field({
      type: [FieldGroup],
      description: 'As `SiteAccess.fields`, of the history. `people` and `person` need IDENTITY.',
      resolve: ({ fields }) => fields,
    }),
  }),
});
