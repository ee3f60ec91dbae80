import { useFormatter, useTranslations } from 'use-intl';
import { ChoiceMenu } from '../ui/choice-menu.tsx';
import { Icon } from '../ui/icon.tsx';
import type { ZoneChoice } from './zones.ts';

interface ZoneMenuProps {
  readonly zone: string;
  readonly choices: readonly ZoneChoice[];
  readonly onChoose: (zone: string) => void;
}

/** Names the zone of all times on the page, and changes it. */
export function ZoneMenu({ zone, choices, onChoose }: ZoneMenuProps) {
  const t = useTranslations('page');
  const format = useFormatter();
  const ownersOf = ({ sites, isReaders }: ZoneChoice) =>
    format.list([...sites, ...(isReaders ? [t('you')] : [])], { type: 'unit' });
  return (
    <ChoiceMenu
      label={t('timeZone', { zone })}
      chosen={zone}
      choices={choices.map((choice) => ({
        value: choice.zone,
        label: choice.zone,
        hint: ownersOf(choice),
      }))}
      onChoose={onChoose}
      className="inline-flex min-h-10 items-center gap-1.5 rounded-lg border border-line px-2.5 font-medium sm:px-3 hover:bg-raised"
    >
      <Icon name="clock" />
      {cityOf(zone)}
      <Icon name="chevron" />
    </ChoiceMenu>
  );
}

/** `Buenos Aires` of `America/Argentina/Buenos_Aires` */
const cityOf = (zone: string): string => zone.replace(/^.*\//, '').replaceAll('_', ' ');
