import { useTranslations } from 'use-intl';
import { EventDetail } from './event-detail.tsx';
import type { Selection } from './use-selection.ts';

interface SelectionDetailProps {
  readonly selection: Selection;
  readonly onPerson: (identityId: string) => void;
}

/** Each event has a detail of its own: no picture of the one before stands while its own loads. */
export function SelectionDetail({ selection, onPerson }: SelectionDetailProps) {
  const t = useTranslations('detail');
  switch (selection.kind) {
    case 'event':
      return <EventDetail key={selection.event.id} event={selection.event} onPerson={onPerson} />;
    case 'missing':
      return <p className="py-12 text-center text-muted">{t('missing')}</p>;
    case 'loading':
      return <p className="py-12 text-center text-muted">{t('asking')}</p>;
    case 'none':
      return null;
  }
}
