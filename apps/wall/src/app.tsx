import { useEffect, useState } from 'react';
import { Header } from './header.tsx';
import { HiddenFields } from './roles/hidden.ts';
import type { Roles } from './state/roles.ts';
import { type GatewaySession, openSession } from './state/session.ts';
import { viewFromSearch, viewToSearch } from './state/view.ts';
import { ImagesContext } from './ui/use-images.ts';
import { Wall } from './wall.tsx';

/** Holds a session for each role: what another role sees is there at once when it is chosen. */
export function App({ roles }: { roles: Roles }) {
  const [view, setView] = useState(() => viewFromSearch(location.search, roles));
  const [sessions, setSessions] = useState<ReadonlyMap<string, GatewaySession>>(new Map());

  useEffect(() => {
    const opened = new Map(roles.map((role) => [role.id, openSession(role)]));
    setSessions(opened);
    return () => {
      for (const session of opened.values()) session.close();
    };
  }, [roles]);

  useEffect(() => {
    const search = viewToSearch(view, roles);
    history.replaceState(null, '', search ? `?${search}` : location.pathname);
  }, [view, roles]);

  const { role, filters } = view;
  const session = sessions.get(role.id);
  return (
    session && (
      <div className="flex h-dvh flex-col">
        <Header
          session={session}
          roles={roles}
          role={role}
          onRole={(next) => setView({ ...view, role: next })}
        />
        <ImagesContext value={session.images}>
          <HiddenFields value={role.hidden}>
            <Wall
              // Nothing of what one role was shown stays for another.
              key={role.id}
              session={session}
              filters={filters}
              onFilters={(next) => setView({ ...view, filters: next })}
            />
          </HiddenFields>
        </ImagesContext>
      </div>
    )
  );
}
