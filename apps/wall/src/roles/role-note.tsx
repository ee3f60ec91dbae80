import { useTranslations } from 'use-intl';
import type { Role } from '../state/roles.ts';
import { Icon } from '../ui/icon.tsx';

/** What the chosen role sees, also said to a screen reader when it changes. */
export function RoleNote({ role: { name, description, hidden } }: { role: Role }) {
  const t = useTranslations('roles');
  return (
    <p
      role="status"
      data-testid="role-note"
      className="flex items-start gap-2 border-b border-line bg-surface px-3 py-1.5 text-muted sm:px-4"
    >
      <Icon name={hidden.size > 0 ? 'hidden' : 'eye'} className="mt-0.5 size-4" />
      <span>
        <span className="sr-only">{t('named', { name })}</span>
        <bdi>{description}</bdi>
      </span>
    </p>
  );
}
