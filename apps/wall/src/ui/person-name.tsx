import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Icon } from './icon.tsx';
import { displayName, type NamedPerson } from './names.ts';

interface PersonNameProps {
  /** An event or an alarm. */
  readonly event: NamedPerson;
  readonly className: string;
}

/** The name, or a mark in its place where the role hides it. */
export function PersonName({ event, className }: PersonNameProps) {
  const t = useTranslations();
  const name = displayName(event, t);
  if (name !== undefined) {
    return (
      <span dir="auto" className={`own-direction truncate ${className}`}>
        {name}
      </span>
    );
  }
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 text-muted">
      <Icon name="hidden" />
      <span>
        {t.rich('roles.hiddenName', {
          more: asDetail,
        })}
      </span>
    </span>
  );
}

/** Said where there is room for it. */
const asDetail = (text: ReactNode) => <span className="max-sm:sr-only">{text}</span>;
