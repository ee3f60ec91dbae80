import { useTranslations } from 'use-intl';
import { Icon } from '../ui/icon.tsx';
import type { AlarmSound } from './use-alarm-signals.ts';

/** Whether a new alarm is heard. */
export function SoundSwitch({ sound: { isOn, turn } }: { sound: AlarmSound }) {
  const t = useTranslations('alarms');
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={() => turn(!isOn)}
      className="flex min-h-10 items-center gap-2 rounded-lg border border-line px-3 font-medium hover:bg-raised"
    >
      <Icon name={isOn ? 'sound' : 'muted'} />
      {t('sound')}
    </button>
  );
}
