import type { BoxError } from '@se5/core';
import type { BoxStatus } from '../../fleet/directory.ts';
import { builder } from '../builder.ts';
import { LinkState } from './link-state.ts';

/** The range of a GraphQL Int; a box whose clock stands at 1970 is further off than that in ms. */
const INT_MAX = 2 ** 31 - 1;

const words = ({ code, message }: BoxError, prefix = ''): string => `${code}: ${prefix}${message}`;

export const BoxLink = builder.objectRef<BoxStatus>('BoxLink').implement({
  description: 'The gateway’s event link to a box, and measurements of it.',
  fields: (t) => ({
    state: t.field({
      type: LinkState,
      description: 'The state of the link.',
      resolve: ({ link }) => link.name,
    }),
    since: t.field({
      type: 'DateTime',
      description:
        'When the link entered this state, by the gateway’s clock. While it is CONNECTING ' +
        'or BACKING_OFF: when it was lost, or first tried.',
      resolve: ({ link }) => link.since,
    }),
    attemptedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the newest attempt to connect began, by the gateway’s clock; null while the link is up or stopped, and before the first attempt since it was lost.',
      resolve: ({ link }) => ('attemptedAt' in link ? (link.attemptedAt ?? null) : null),
    }),
    lastEventAt: t.expose('lastEventAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the box last sent an event, by the gateway’s clock; null when it has sent none since the gateway started.',
    }),
    lastError: t.string({
      nullable: true,
      description:
        'Why the link is not up: a stable code, a colon and a text, such as `UNREACHABLE: ' +
        '…`, `TIMEOUT: …`, `CLOSED: …`. While it is up: why the gateway could not read ' +
        'all of the box’s last list of devices; it then listens to the devices known ' +
        'before. Null when neither failed.',
      resolve: ({ link, devicesError }) => {
        if ('lastError' in link) return link.lastError ? words(link.lastError) : null;
        if (link.name === 'STOPPED' || devicesError === undefined) return null;
        return words(devicesError, 'not all of its devices could be read: ');
      },
    }),
    attempts: t.int({
      description:
        'Consecutive failures, including the attempt in progress. A connection that was ' +
        'lost within a minute counts as a failure; a longer one resets the count. 0 while ' +
        'the link is up or stopped.',
      resolve: ({ link }) => ('attempts' in link ? link.attempts : 0),
    }),
    clockOffsetMs: t.int({
      nullable: true,
      description:
        'How far the box’s clock is ahead of the gateway’s, in milliseconds, negative ' +
        'when it is behind. It is an estimate from the latest events, and no time is ' +
        'corrected by it. Limited to ±2147483647, about 24 days. Null before the first ' +
        'event.',
      resolve: ({ clockOffsetMs }) =>
        clockOffsetMs === undefined
          ? null
          : Math.round(Math.max(-INT_MAX, Math.min(INT_MAX, clockOffsetMs))),
    }),
  }),
});
