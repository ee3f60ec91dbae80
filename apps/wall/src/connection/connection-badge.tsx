import type { ClientState } from '@se5/client';
import { useTranslations } from 'use-intl';
import type { Text } from '../language/text.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useNow } from '../ui/use-now.ts';

interface Look {
  readonly word: string;
  readonly icon: IconName;
  readonly className: string;
}

function lookOf(state: ClientState, now: number, t: Text): Look {
  switch (state.name) {
    case 'live':
      return { word: t('connection.live'), icon: 'link', className: 'text-good' };
    case 'idle':
    case 'connecting':
      return { word: t('connection.connecting'), icon: 'clock', className: 'text-caution' };
    case 'waiting': {
      const seconds = Math.max(0, Math.ceil((state.retryAt - now) / 1_000));
      return {
        word: t('connection.retrying', { seconds }),
        icon: 'broken',
        className: 'text-danger',
      };
    }
    case 'failed':
    case 'stopped':
      return { word: t('connection.notConnected'), icon: 'broken', className: 'text-danger' };
  }
}

/** The page's own connection to the gateway. */
export function ConnectionBadge({ state }: { state: ClientState }) {
  const { word, icon, className } = lookOf(state, useNow(500), useTranslations());
  return (
    <p
      role="status"
      data-testid="connection"
      data-state-name={state.name}
      className={`inline-flex items-center gap-1.5 font-semibold whitespace-nowrap tabular-nums ${className}`}
    >
      <Icon name={icon} />
      {word}
    </p>
  );
}
