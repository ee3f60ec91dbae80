import { type ReactNode, useEffect, useEffectEvent } from 'react';
import { Icon } from '../ui/icon.tsx';
import { useMediaQuery } from '../ui/use-media-query.ts';
import { Sheet } from './sheet.tsx';

interface DetailPanelProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Beside the stream where there is room, over it where there is none. */
export function DetailPanel({ onClose, children }: DetailPanelProps) {
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
      <Sheet label="Recognition" onClose={onClose}>
        {children}
      </Sheet>
    );
  }
  return (
    <aside
      aria-label="Details"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll container must be reachable by keyboard
      tabIndex={0}
      className="w-96 shrink-0 overflow-y-auto border-l border-line bg-surface px-5 pt-2 pb-5"
    >
      <button
        type="button"
        aria-label="Close"
        title="Close (Escape)"
        onClick={onClose}
        className="-mr-2 mb-1 ml-auto grid size-9 place-items-center rounded-full hover:bg-raised"
      >
        <Icon name="close" />
      </button>
      {children}
    </aside>
  );
}
