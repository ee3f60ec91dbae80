import type { LinkState } from '@se5/client';
import type { IconName } from '../ui/icon.tsx';

interface Look {
  readonly icon: IconName;
  readonly className: string;
}

export const linkLooks = {
  LIVE: { icon: 'link', className: 'text-good' },
  SILENT: { icon: 'moon', className: 'text-quiet' },
  CONNECTING: { icon: 'clock', className: 'text-caution' },
  BACKING_OFF: { icon: 'broken', className: 'text-danger' },
  STOPPED: { icon: 'dash', className: 'text-quiet' },
} as const satisfies Record<LinkState, Look>;

/** Of a box of which nothing is known now. */
export const unknownLook: Look = { icon: 'question', className: 'text-muted' };
