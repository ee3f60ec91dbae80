import { useTranslations } from 'use-intl';
import type { Role, Roles } from '../state/roles.ts';

interface RoleChooserProps {
  readonly roles: Roles;
  readonly chosen: Role;
  readonly onChoose: (role: Role) => void;
}

/** Who looks at the wall. */
export function RoleChooser({ roles, chosen, onChoose }: RoleChooserProps) {
  const t = useTranslations('roles');
  return (
    <fieldset className="flex rounded-lg bg-raised p-0.5">
      <legend className="sr-only">{t('role')}</legend>
      {roles.map((role) => (
        <label
          key={role.id}
          className="flex min-h-9 flex-1 cursor-pointer items-center justify-center rounded-md border border-transparent px-3 font-medium whitespace-nowrap text-muted has-checked:border-line has-checked:bg-surface has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="role"
            className="sr-only"
            checked={role.id === chosen.id}
            onChange={() => onChoose(role)}
          />
          {role.name}
        </label>
      ))}
    </fieldset>
  );
}
