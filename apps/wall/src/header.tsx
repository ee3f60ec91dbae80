import { useFormatter, useTranslations } from 'use-intl';
import { ConnectionBadge } from './connection/connection-badge.tsx';
import { SignOutButton } from './connection/sign-out-button.tsx';
import { LanguageMenu } from './language/language-menu.tsx';
import { RoleChooser } from './roles/role-chooser.tsx';
import { RoleNote } from './roles/role-note.tsx';
import { openCount } from './state/alarm-board.ts';
import type { Role, Roles } from './state/roles.ts';
import type { GatewaySession } from './state/session.ts';
import { useStore } from './state/store.ts';
import type { PageName } from './state/view.ts';
import { ThemeToggle } from './ui/theme-toggle.tsx';
import type { ThemeChoice } from './ui/use-theme.ts';
import { ViewTabs } from './ui/view-tabs.tsx';

interface HeaderProps {
  readonly session: GatewaySession;
  readonly roles: Roles;
  readonly role: Role;
  readonly onRole: (role: Role) => void;
  readonly page: PageName;
  readonly theme: ThemeChoice;
  readonly onPage: (page: PageName) => void;
}

/** Stays while roles change, so that the chooser keeps the keyboard's focus. */
export function Header({ session, roles, role, onRole, page, theme, onPage }: HeaderProps) {
  const connection = useStore(session.connection);
  const alarms = useStore(session.alarms);
  const t = useTranslations('page');
  const format = useFormatter();
  const isChoice = roles.length > 1;
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-3 py-2 sm:px-4">
        <img src="icon.svg" alt="" className="size-8" />
        <h1 className="text-lg font-semibold">{t('title')}</h1>
        {isChoice && (
          // Below the rest where there is no room beside it.
          <div className="max-sm:order-last max-sm:w-full sm:ms-2">
            <RoleChooser roles={roles} chosen={role} onChoose={onRole} />
          </div>
        )}
        <div className="max-sm:order-last max-sm:w-full sm:ms-2">
          <ViewTabs
            chosen={page}
            openAlarms={alarms.open.length > 0 ? openCount(alarms, format.number) : undefined}
            onChoose={onPage}
          />
        </div>
        <span className="ms-auto" />
        <ConnectionBadge state={connection.state} />
        <SignOutButton gateway={session.gateway} />
        <LanguageMenu />
        <ThemeToggle choice={theme} />
      </header>
      {isChoice && <RoleNote role={role} />}
    </>
  );
}
