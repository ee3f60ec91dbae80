import type { ErasureReport } from '../../privacy/erasure/erase.ts';
import { builder } from '../builder.ts';

export const Erasure = builder.objectRef<ErasureReport>('Erasure').implement({
  description: 'What an erasure took.',
  fields: (t) => ({
    events: t.exposeInt('events', { description: 'Events that nobody can read any more.' }),
    pictures: t.exposeInt('pictures', { description: 'Pictures that nobody can see any more.' }),
    hasClear: t.boolean({
      description:
        'Whether the gateway still holds what an older version wrote unsealed. Of that, what was erased ' +
        'is only deleted: older copies still hold it.',
      resolve: ({ inClear }) => inClear.length > 0,
    }),
  }),
});
