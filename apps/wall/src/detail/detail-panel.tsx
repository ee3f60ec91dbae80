import { type ReactNode, useEffect, useEffectEvent } from 'react';
import { useTranslations } from 'use-intl';
import { Icon } from '../ui/icon.tsx';
import { useMediaQuery } from '../ui/use-media-query.ts';
import { Sheet } from './sheet.tsx';

interface DetailPanelProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Beside the stream where there is room, over it where there is none. */
export function DetailPanel({ onClose, children }: DetailPanelProps) {
  const t = useTranslations('detail');
  const wide = useMediaQuery('(min-width: 64rem)');
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    // A menu that is open takes it for itself.
    if (event.key === 'Escape' && !event.defaultPrevented) onClose();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, []);
  if (!wide) {
    return (
      <Sheet label={t('recognition')} onClose={onClose}>
        {children}
      </Sheet>
    );
  }
  return (
    <aside
      aria-label={t('details')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll container must be reachable by keyboard
      tabIndex={0}
      className="w-96 shrink-0 overflow-y-auto border-s border-line bg-surface px-5 pt-2 pb-5"
    >
      <button
        type="button"
        aria-label={t('close')}
        title={t('closeKey')}
        onClick={onClose}
        className="-me-2 mb-1 ms-auto grid size-9 place-items-center rounded-full hover:bg-raised"
      >
        <Icon name="close" />
      </button>
      {children}
    </aside>
  );
}
