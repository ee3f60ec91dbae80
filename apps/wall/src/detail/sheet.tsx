import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Icon } from '../ui/icon.tsx';

interface SheetProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Over the page from below, until it is closed. The rest of the page can't be reached meanwhile. */
export function Sheet({ label, onClose, children }: SheetProps) {
  const t = useTranslations('detail');
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it too, by the browser
    <dialog
      ref={dialog}
      aria-label={label}
      onCancel={onClose}
      // What is outside of the content is the backdrop.
      onClick={(click) => click.target === dialog.current && onClose()}
      className="fixed inset-x-0 top-auto bottom-0 m-0 max-h-[92dvh] w-full max-w-none overflow-y-auto rounded-t-2xl bg-surface text-ink backdrop:bg-black/60"
    >
      <div className="p-5 pb-8">
        <button
          type="button"
          aria-label={t('close')}
          onClick={onClose}
          className="mb-2 ms-auto grid size-10 place-items-center rounded-full hover:bg-raised"
        >
          <Icon name="close" />
        </button>
        {children}
      </div>
    </dialog>
  );
}
