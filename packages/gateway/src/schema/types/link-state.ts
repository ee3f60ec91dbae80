import type { LinkState as Link } from '@se5/core';
import { builder } from '../builder.ts';

const values = {
  CONNECTING: { description: 'A connection is being opened and configured.' },
  LIVE: { description: 'Connected, and something has come lately.' },
  SILENT: {
    description:
      'Connected, but nothing has come for a while (10 minutes unless configured otherwise). ' +
      'Nights are quiet: this is information, not a fault.',
  },
  BACKING_OFF: {
    description: 'The last attempt or connection failed; the next attempt follows by itself.',
  },
  STOPPED: { description: 'The gateway does not listen to this box.' },
} satisfies Record<Link['name'], { description: string }>;

export const LinkState = builder.enumType('LinkState', {
  description: 'How the gateway’s event link to a box stands.',
  values,
});
