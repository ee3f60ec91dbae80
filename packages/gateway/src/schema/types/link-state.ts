import type { LinkState as Link } from '@se5/core';
import { builder } from '../builder.ts';

const values = {
  CONNECTING: { description: 'The gateway opens and configures a connection.' },
  LIVE: { description: 'Connected, and the box sent an event recently.' },
  SILENT: {
    description:
      'Connected, but the box has sent no event for a while (10 minutes by default). At ' +
      'night this is normal, not a fault.',
  },
  BACKING_OFF: {
    description: 'The last attempt or connection failed; the gateway retries by itself.',
  },
  STOPPED: { description: 'The gateway does not listen to this box.' },
} satisfies Record<Link['name'], { description: string }>;

export const LinkState = builder.enumType('LinkState', {
  description: 'The state of the gateway’s event link to a box.',
  values,
});
