import type { Gap } from '@se5/client';
import { useTranslations } from 'use-intl';
import { useTimes } from '../time/use-times.ts';
import { Icon } from '../ui/icon.tsx';
import { gapText } from './gap-text.ts';

export function GapRow({ gap, boxName }: { gap: Gap; boxName: (id: string) => string }) {
  const t = useTranslations();
  return (
    <div
      data-testid="gap"
      className="flex h-full items-center gap-3 rounded-xl border border-dashed border-caution/60 bg-caution/5 px-4 text-caution"
    >
      <Icon name="gap" className="size-5" />
      <p className="min-w-0">
        <span className="font-semibold">{t('stream.gap')}</span>{' '}
        {gapText(gap, boxName, t, useTimes())}
      </p>
    </div>
  );
}
