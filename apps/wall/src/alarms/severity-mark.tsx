import type { Severity } from '@se5/client';
import { useTranslations } from 'use-intl';

const looks = {
  CRITICAL: 'bg-blacklist text-white dark:text-black',
  HIGH: 'text-blacklist ring-1 ring-inset ring-blacklist/40',
  MEDIUM: 'text-caution ring-1 ring-inset ring-caution/40',
  LOW: 'text-quiet ring-1 ring-inset ring-quiet/40',
} as const satisfies Record<Severity, string>;

/** Word and colour together. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const t = useTranslations('alarms');
  return (
    <span
      className={`rounded-full px-2 py-0.5 text-xs font-semibold whitespace-nowrap ${looks[severity]}`}
    >
      {t(severity)}
    </span>
  );
}
