import type { RecognitionEvent } from '@se5/client';
import { useMediaQuery } from '../ui/use-media-query.ts';
import { EventDetail } from './event-detail.tsx';
import { Sheet } from './sheet.tsx';

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
  const detail = event && <EventDetail key={event.id} event={event} />;
  if (wide) {
    return (
      <aside
        aria-label="Details"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll container must be reachable by keyboard
        tabIndex={0}
        className="w-96 shrink-0 overflow-y-auto border-l border-line bg-surface p-5"
      >
        {detail ?? (
          <p className="mt-16 text-center text-muted">
            Choose a recognition to see the scene and all that is known of it.
          </p>
        )}
      </aside>
    );
  }
  return (
    detail && (
      <Sheet label="Recognition" onClose={onClose}>
        {detail}
      </Sheet>
    )
  );
}
