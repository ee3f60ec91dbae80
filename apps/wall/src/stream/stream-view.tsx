import type { RecognitionEvent } from '@se5/client';
import { type ReactNode, useCallback, useDeferredValue, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { linesOf } from '../state/lines.ts';
import type { GatewaySession } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { useTimes } from '../time/use-times.ts';
import { Announcer } from './announcer.tsx';
import { EventStream } from './event-stream.tsx';
import { useShortcuts } from './use-shortcuts.ts';

interface StreamViewProps {
  readonly session: GatewaySession;
  readonly dense: boolean;
  readonly paused: boolean;
  readonly selectedId: string | undefined;
  readonly onSelect: (event: RecognitionEvent) => void;
  /** Told when somebody begins or ends to use the list. Must not change without need. */
  readonly onInUse: (inUse: boolean) => void;
  /** What to show while there is nothing. */
  readonly empty: ReactNode;
}

/** What the session's feed has, by lines. */
export function StreamView(props: StreamViewProps) {
  const { session, dense, paused, selectedId, onSelect } = props;
  const feed = useStore(session.feed);
  const boxes = useStore(session.boxes);
  const { day } = useTimes();
  const lines = useMemo(() => linesOf(feed.rows, day), [feed.rows, day]);
  useShortcuts({ lines, selectedId, onSelect });
  const spoken = useDeferredValue(feed.rows);
  const boxName = useCallback(
    (id: string) => boxes?.find((box) => box.id === id)?.name ?? id,
    [boxes],
  );
  const isReading = feed.older === 'unknown' || feed.older === 'loading';
  return (
    <>
      <EventStream
        // Its rows have another height.
        key={dense ? 'dense' : 'roomy'}
        lines={lines}
        waiting={paused ? 0 : feed.waiting.length}
        older={feed.older}
        dense={dense}
        selectedId={selectedId}
        onSelect={onSelect}
        onHold={props.onInUse}
        onCatchUp={session.catchUp}
        onOlder={session.loadOlder}
        boxName={boxName}
        empty={isReading ? <Reading /> : props.empty}
      />
      <Announcer rows={spoken} />
    </>
  );
}

function Reading() {
  const t = useTranslations('stream');
  return <p className="mt-[12dvh] text-center text-muted">{t('reading')}</p>;
}
