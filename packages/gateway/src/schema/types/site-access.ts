import { builder } from '../builder.ts';
import type { SiteAccessShape } from '../site-access.ts';
import { FieldGroup } from './field-group.ts';
import { HistoryAccess } from './history-access.ts';
import { Site } from './site.ts';

export const SiteAccess = builder.objectRef<SiteAccessShape>('SiteAccess').implement({
  description: 'What a viewer may see of the events at one site.',
  fields: (t) => ({
    site: t.field({ type: Site, description: 'The site.', resolve: ({ site }) => site }),
    fields: t.field({
      type: [FieldGroup],
      description:
        'What the viewer may see of events as they happen: of some of them at least, since a role may be limited to ' +
        'boxes, devices and person types. What is missing here is null in all events of the site.',
      resolve: ({ fields }) => fields,
    }),
    history: t.field({
      type: HistoryAccess,
      nullable: true,
      description: 'The same of the history; null when the viewer may see none of it.',
      resolve: ({ history }) => history,
    }),
  }),
});
