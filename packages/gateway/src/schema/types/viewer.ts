import type { Viewer as ViewerShape } from '../../access/viewer.ts';
import { builder } from '../builder.ts';
import { siteAccesses } from '../site-access.ts';
import { SiteAccess } from './site-access.ts';

const Viewer = builder.objectRef<Pick<ViewerShape, 'name' | 'rights'>>('Viewer').implement({
  description: 'Who asks, and what all roles of the credential together allow.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'The name of the token, or the `sub` of a JSON Web Token; `anybody` where no credential is needed.',
    }),
    mayAnswer: t.boolean({
      description:
        'Whether the viewer may acknowledge and close the alarms that it sees, and add notes: `answer` of a role.',
      resolve: ({ rights }) => rights.answer,
    }),
    mayErase: t.boolean({
      description: 'Whether the viewer may erase, at all sites: `erase` of a role.',
      resolve: ({ rights }) => rights.erase,
    }),
    mayExport: t.boolean({
      description: 'Whether the viewer may download the history that it sees: `export` of a role.',
      resolve: ({ rights }) => rights.export,
    }),
    sites: t.field({
      type: [SiteAccess],
      description:
        'What the viewer may see at each site, in the order of the configuration. A site that is missing here does not exist for the viewer.',
      resolve: (_viewer, _args, context) => siteAccesses(context),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description:
      'Who asks, and what this viewer may see and do. A page need not try what would be refused.',
    resolve: (_root, _args, { viewer }) => viewer(),
  }),
);
