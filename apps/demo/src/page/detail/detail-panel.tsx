import type { RecognitionEvent } from '@se5/client';
import { Dialog } from 'radix-ui';
import { Icon } from '../ui/icon.tsx';
import { useMediaQuery } from '../ui/use-media-query.ts';
import { EventDetail } from './event-detail.tsx';

interface DetailPanelProps {
  readonly event: RecognitionEvent | undefined;
  readonly onClose: () => void;
}

/**
 * Beside the stream where there is room, over it where there is none. Each event has a detail of its
 * own: no picture of the one before stands while its own loads.
 */
export function DetailPanel({ event, onClose }: DetailPanelProps) {
  const wide = useMediaQuery('(min-width: 64rem)');
  if (wide) {
    return (
      <aside
        aria-label="Details"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll container must be reachable by keyboard
        tabIndex={0}
        className="w-96 shrink-0 overflow-y-auto border-l border-line bg-surface p-5"
      >
        {event ? (
          <EventDetail key={event.id} event={event} />
        ) : (
          <p className="mt-16 text-center text-muted">
            Choose a recognition to see the scene and all that is known of it.
          </p>
        )}
      </aside>
    );
  }
  return (
    <Dialog.Root open={event !== undefined} onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 bg-black/60" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-0 bottom-0 max-h-[92dvh] overflow-y-auto rounded-t-2xl bg-surface p-5 pb-8"
        >
          <Dialog.Title className="sr-only">Recognition</Dialog.Title>
          <Dialog.Close
            aria-label="Close"
            className="mb-2 ml-auto grid size-10 place-items-center rounded-full hover:bg-raised"
          >
            <Icon name="close" />
          </Dialog.Close>
          {event && <EventDetail key={event.id} event={event} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
