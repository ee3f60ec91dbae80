import type { LinkState } from '@se5/client';
import type { IconName } from '../ui/icon.tsx';

interface Look {
  readonly word: string;
  readonly icon: IconName;
  readonly className: string;
}

export const linkLooks = {
  LIVE: { word: 'live', icon: 'link', className: 'text-good' },
  SILENT: { word: 'quiet', icon: 'moon', className: 'text-quiet' },
  CONNECTING: { word: 'connecting', icon: 'clock', className: 'text-caution' },
  BACKING_OFF: { word: 'unreachable', icon: 'broken', className: 'text-danger' },
  STOPPED: { word: 'stopped', icon: 'dash', className: 'text-quiet' },
} as const satisfies Record<LinkState, Look>;

/** Of a box of which nothing is known now. */
export const unknownLook: Look = { word: 'unknown', icon: 'question', className: 'text-muted' };
