import type { PersonType } from '@se5/client';
import { useTranslations } from 'use-intl';
import { Icon, type IconName } from './icon.tsx';

const looks = {
  BLACKLIST: { icon: 'ban', className: 'bg-blacklist text-white dark:text-black' },
  STRANGER: { icon: 'question', className: 'text-stranger ring-1 ring-inset ring-stranger/40' },
  VISITOR: { icon: 'badge', className: 'text-visitor bg-visitor/10' },
  VIP: { icon: 'star', className: 'text-vip bg-vip/10' },
  EMPLOYEE: { icon: 'check', className: 'text-employee bg-employee/10' },
  UNKNOWN: { icon: 'dash', className: 'text-unknown ring-1 ring-inset ring-unknown/40' },
} as const satisfies Record<PersonType, { icon: IconName; className: string }>;

/** Word, icon and colour together: none of them carries the meaning alone. */
export function TypeMark({ type }: { type: PersonType }) {
  const t = useTranslations('types');
  const { icon, className } = looks[type];
  return (
    <span
      className={`inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-semibold whitespace-nowrap ${className}`}
    >
      <Icon name={icon} className="size-3.5" />
      {t(type)}
    </span>
  );
}
