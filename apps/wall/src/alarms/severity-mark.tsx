import type { Severity } from '@se5/client';

const looks = {
  CRITICAL: { word: 'Critical', className: 'bg-blacklist text-white dark:text-black' },
  HIGH: { word: 'High', className: 'text-blacklist ring-1 ring-inset ring-blacklist/40' },
  MEDIUM: { word: 'Medium', className: 'text-caution ring-1 ring-inset ring-caution/40' },
  LOW: { word: 'Low', className: 'text-quiet ring-1 ring-inset ring-quiet/40' },
} as const satisfies Record<Severity, { word: string; className: string }>;

/** Word and colour together. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const { word, className } = looks[severity];
  return (
    <span
      className={`rounded-full px-2 py-0.5 text-xs font-semibold whitespace-nowrap ${className}`}
    >
      {word}
    </span>
  );
}
